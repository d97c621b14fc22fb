import type { Interruption } from '../terminal/interruption.ts';
import type { Output } from '../terminal/output.ts';

/** Runs a level that was found fit to run. @returns its exit code */
export type LevelWork = () => Promise<number>;

/** What a level is run with. */
export interface LevelRun {
  /** Files and folders that were named; all there are when none was. */
  readonly files: readonly string[];
  readonly flags: Readonly<Record<string, unknown>>;
  /** How many run at a time; the level's own number when absent. */
  readonly parallel: number | undefined;
  readonly output: Output;
  readonly interruption: Interruption;
}
