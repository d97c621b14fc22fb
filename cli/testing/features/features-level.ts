import { loadSettings } from '../../settings/index.ts';
import type { LevelRun } from '../level-run.ts';
import { readFeatureOptions } from './options.ts';
import { runFeatures } from './run-features.ts';

/** `mall test features`. */
export async function featuresLevel({
  files,
  flags,
  parallel,
  output,
  interruption,
}: LevelRun): Promise<number> {
  const { infra, mode } = flags;
  const { settings } = await loadSettings({ infra, mode });
  const options = readFeatureOptions(flags, { files, parallel, infra: settings.infra, mode: settings.mode });
  return runFeatures(options, { output, interruption });
}
