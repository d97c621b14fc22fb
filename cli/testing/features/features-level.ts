import { loadSettings } from '../../settings/index.ts';
import type { LevelRun, LevelWork } from '../level-run.ts';
import { readFeatureOptions } from './options.ts';
import { prepareFeatures } from './run-features.ts';

/** `mall test features`. */
export async function featuresLevel({
  files,
  flags,
  parallel,
  output,
  interruption,
}: LevelRun): Promise<LevelWork> {
  const { infra, mode } = flags;
  const { settings, origins } = await loadSettings({ infra, mode });
  const options = readFeatureOptions(flags, {
    files,
    parallel,
    // Malls to throw away come up quickest without containers; whoever wants those says so.
    infra: origins.has('infra') ? settings.infra : 'embedded',
    mode: settings.mode,
  });
  return prepareFeatures(options, { output, interruption });
}
