import { CliError } from '../cli-error.ts';
import { withTypedCommands } from '../terminal/command-name.ts';
import { prepareFile } from '../terminal/report-place.ts';
import type { Clock } from './clock.ts';
import { type Comparison, compareReports, comparisonLines, readReport } from './compare.ts';
import { clientLine, programLine } from './format.ts';
import { htmlReport } from './html-report.ts';
import { exitCodeOf } from './make-report.ts';
import { type BusyworkFlags, parseHost, readFlags } from './options.ts';
import type { Report } from './report.ts';
import { writeResult } from './result-file.ts';
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
  /** Draws lines in place of those before, where standard error is a terminal that can. */
  readonly draw?: ((lines: (width: number) => readonly string[]) => void) | undefined;
  /** How many characters a line of standard output holds, where that is a terminal. */
  readonly width?: number | undefined;
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
  const earlier = flags.compare === undefined ? undefined : readReport(flags.compare);
  const wishedHost = flags.host === undefined ? undefined : parseHost(flags.host);
  const { say, tell, progress } = narrator(flags, around);
  try {
    for (const [flag, path] of [
      ['--json', jsonFile(flags)],
      ['--html', flags.html],
    ] as const)
      if (path !== undefined) prepareFile({ flag, path });
    const host = wishedHost ?? (await around.host());
    const { seed } = checked;
    if (flags.seed === undefined) tell(`seed ${seed}; --seed=${seed} makes the same decisions again`);
    const draw = around.draw ?? (() => undefined);
    const report = await runBusywork({ ...checked, host }, { ...around, say, tell, progress, draw });
    deliver({ flags, around, tell, report, earlier });
    return exitCodeOf(report);
  } catch (error) {
    if (!(error instanceof CliError) || flags.json === true) throw error;
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

interface Delivery {
  readonly flags: BusyworkFlags;
  readonly around: Pick<Surroundings, 'out' | 'width'>;
  readonly tell: (text: string) => void;
  readonly report: Report;
  readonly earlier: Report | undefined;
}

/** Hands the result over: the summary or the document on standard output, the files that were asked for. */
function deliver({ flags, around, tell, report, earlier }: Delivery): void {
  const comparison = earlier === undefined ? null : compareReports({ earlier, now: report });
  const document = () => JSON.stringify(comparison === null ? report : { ...report, comparison }, null, 2);
  if (flags.json === true) around.out(document());
  else for (const line of textLines(report, comparison, around.width)) around.out(line);
  const files = {
    [jsonFile(flags) ?? '']: () => `${document()}\n`,
    [flags.html ?? '']: () => htmlReport(report, comparison),
  };
  for (const [path, content] of Object.entries(files)) {
    if (path === '') continue;
    writeResult(path, content());
    tell(`wrote ${path}`);
  }
}

function jsonFile({ json }: BusyworkFlags): string | undefined {
  return typeof json === 'string' ? json : undefined;
}

function textLines(report: Report, comparison: Comparison | null, width: number | undefined): string[] {
  return [...summaryLines(report, width), ...(comparison === null ? [] : comparisonLines(comparison))];
}

/**
 * The narration goes to standard output, unless a JSON document is wanted there; `--quiet` leaves it out.
 */
function narrator(flags: BusyworkFlags, around: Surroundings): Pick<World, 'say' | 'tell' | 'progress'> {
  const { clock, out, err } = around;
  if (flags.quiet) return { say: () => undefined, tell: () => undefined, progress: 'none' };
  const narrate = flags.json === true ? err : out;
  return {
    say: (client, text) => narrate(clientLine({ epochMs: clock.now(), client, text })),
    tell: (text) => err(programLine({ epochMs: clock.now(), text })),
    progress: progressOf(flags, around),
  };
}

/**
 * Shoppers that arrive at a rate do not narrate: in their place stands a table, or a line every now and then. Clients
 * do, so that anything else is shown only where the narration does not scroll by.
 */
function progressOf(flags: BusyworkFlags, { watched, draw }: Surroundings): World['progress'] {
  const narrates = flags.rate === undefined && flags.stage === undefined;
  const inTheWay = narrates && (watched.out || flags.json === true);
  if (inTheWay || (narrates && !watched.err)) return 'none';
  return watched.err && draw !== undefined ? 'table' : 'lines';
}
