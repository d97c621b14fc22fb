import { CliError } from '../cli-error.ts';
import { withTypedCommands } from '../terminal/command-name.ts';
import type { Clock } from './clock.ts';
import { clientLine, programLine } from './format.ts';
import { type BusyworkFlags, parseHost, readFlags } from './options.ts';
import { exitCodeOf, type Report } from './report.ts';
import { runBusywork } from './run.ts';
import { summaryLines } from './summary.ts';
import type { World } from './world.ts';

/** The program's surroundings: all that is not in the flags. */
export interface Surroundings extends Pick<World, 'stop' | 'abandon' | 'authorization'> {
  readonly clock: Clock;
  /** Writes a line to standard output. */
  readonly out: (line: string) => void;
  /** Writes a line to standard error. */
  readonly err: (line: string) => void;
  /** Whether somebody watches standard error, and standard output too. */
  readonly watched: { readonly out: boolean; readonly err: boolean };
  /** The mall to talk to where no flag says it. */
  readonly host: () => Promise<string>;
  /** A seed for where no flag says it. */
  readonly seed: () => number;
}

/**
 * Runs the whole program and gives its exit code: 0 all calls worked, 1 one failed, 4 no mall to talk to.
 * Throws `BusyworkUsageError` (exit code 2) for bad flags, before anything is started.
 */
export async function busywork(flags: BusyworkFlags, around: Surroundings): Promise<number> {
  const checked = readFlags(flags, around.seed);
  const wishedHost = flags.host === undefined ? undefined : parseHost(flags.host);
  const { say, tell, progress } = narrator(flags, around);
  try {
    const host = wishedHost ?? (await around.host());
    const { seed } = checked;
    if (flags.seed === undefined) tell(`seed ${seed}; --seed=${seed} makes the same decisions again`);
    const report = await runBusywork({ ...checked, host }, { ...around, say, tell, progress });
    for (const line of resultLines(flags, report)) around.out(line);
    return exitCodeOf(report);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    // Like the original, the program tells by itself why it could not start, and then that it is over.
    around.err(programLine({ epochMs: around.clock.now(), text: withTypedCommands(lineOf(error)) }));
    return error.exitCode;
  } finally {
    tell('busywork shutdown');
  }
}

function lineOf({ message, next }: CliError): string {
  return next === undefined ? message : `${message} Next: ${next}`;
}

function resultLines(flags: BusyworkFlags, report: Report): string[] {
  return flags.json ? [JSON.stringify(report, null, 2)] : summaryLines(report);
}

/**
 * The narration goes to standard output, unless a JSON document is wanted there; `--quiet` leaves it out.
 * Progress is shown only where nothing else scrolls by.
 */
function narrator(flags: BusyworkFlags, around: Surroundings): Pick<World, 'say' | 'tell' | 'progress'> {
  const { clock, out, err, watched } = around;
  if (flags.quiet) return { say: () => undefined, tell: () => undefined, progress: false };
  const narrate = flags.json ? err : out;
  return {
    say: (client, text) => narrate(clientLine({ epochMs: clock.now(), client, text })),
    tell: (text) => err(programLine({ epochMs: clock.now(), text })),
    progress: watched.err && !watched.out && !flags.json,
  };
}
