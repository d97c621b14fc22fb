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
  const { settings, origins } = await loadSettings({ infra, mode });
  const options = readFeatureOptions(flags, {
    files,
    parallel,
    // Malls to throw away come up quickest without containers; whoever wants those says so.
    infra: origins.has('infra') ? settings.infra : 'embedded',
    mode: settings.mode,
  });
  return runFeatures(options, { output, interruption });
}
