import type { Command } from 'commander';
import type { AuditTarget } from '../audit/target.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { withoutPassword } from '../malls/state.ts';
import { parseDuration } from '../terminal/duration.ts';
import { aborted, type Interruption, onInterruption } from '../terminal/interruption.ts';
import { Narrator } from '../terminal/narrator.ts';
import { outputOf, verb } from './verb.ts';

/** `mall audit`: whether a mall's databases and its stream hold what the mall promises. */
export function auditCommand(): Command {
  return verb({
    name: 'audit',
    description:
      'Reads the databases and the stream of a mall, running or stopped, and proves that nothing is lost, done twice or ' +
      'out of balance. Changes nothing. Exit code 7: a promise is broken; 1: it did not come to rest within ' +
      '--wait; 4: it cannot be read.',
    settings: ['name', 'infra', 'mode'],
    examples: [
      ['mall audit', 'what holds now; what still moves is told apart'],
      ['mall audit --wait 30s', 'waits until nothing moves, then judges'],
      ['mall audit --json --name second', 'for a program, of another mall'],
    ],
  })
    .option('-w, --wait <time>', 'how long to wait until nothing moves, as 30s or 2m')
    .option('--allow-dead-letters', 'messages that were given up are counted and no violations')
    .action(run);
}

async function run(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const output = outputOf(flags);
  const waitMs = readWait(flags.wait);
  const { openTarget } = await import('../audit/target.ts');
  const narrator = new Narrator(output);
  const interruption = onInterruption();
  const step = (text: string) => narrator.step(text);
  const target = await openTarget(flags, { signal: interruption.asked, step });
  const [{ audit }, { untilQuiet }, { report }] = await Promise.all([
    import('../audit/audit.ts'),
    import('../audit/quiet.ts'),
    import('../audit/report.ts'),
  ]);
  const judge = async () => {
    if (waitMs !== undefined) narrator.step('waiting until nothing moves');
    const quiet = waitMs === undefined ? undefined : await untilQuiet({ ...target, waitMs });
    const started = performance.now();
    const result = await audit({
      ...target,
      allowDeadLetters: flags.allowDeadLetters === true,
      progress: (title) => narrator.step(`checking: ${title}`),
    });
    return { ...result, name: target.name, quiet, tookMs: Math.round(performance.now() - started) };
  };
  const audited = await Promise.race([judge(), calledOff(interruption)])
    .catch((error: unknown) => {
      narrator.failed();
      throw error instanceof CliError ? error : unreadable(target, error);
    })
    .finally(() => target.release());
  narrator.done();
  report(audited, output);
  if (audited.violations > 0) process.exitCode = exitCodes.auditViolation;
  else if (audited.quiet === false) process.exitCode = exitCodes.checkFailed;
}

async function calledOff(interruption: Interruption): Promise<never> {
  await aborted(interruption.asked);
  throw new CliError('The audit was interrupted.', { exitCode: exitCodes.interrupted });
}

function readWait(text: unknown): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(String(text));
  if (ms !== undefined) return ms;
  throw new CliError(`--wait cannot be "${String(text)}": it must be a length of time.`, {
    exitCode: exitCodes.usage,
    next: '`mall audit --wait 30s`',
  });
}

function unreadable({ name, postgresUrl, natsUrl, natsStream }: AuditTarget, cause: unknown): CliError {
  const where = `${withoutPassword(postgresUrl)}, ${withoutPassword(natsUrl)}, stream ${natsStream}`;
  return new CliError(`The mall "${name}" cannot be read (${where}).`, {
    exitCode: exitCodes.environment,
    cause,
    next: '`mall ps` shows what runs; a mall that has never been up has nothing to read',
  });
}
