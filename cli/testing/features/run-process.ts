import { type ChildProcess, spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { entrustProcess, programBeside } from '../../../containers/embedded/index.ts';
import { type FeatureJob, newsShape, type ScenarioOutcome } from './job.ts';

const program = programBeside(import.meta.url, 'process');

/** In a checkout `mall/features` is TypeScript: see "exports" in package.json. */
const sourceFlags = program.endsWith('.ts') ? ['--conditions=mall-source'] : [];

/** How much of what a process wrote is kept: it is told only where the process came to grief. */
const keptChars = 4_000;
/** All has been told by then; what still holds the process is of no use any more. */
const lingerMs = 5_000;

export interface RunOutcome {
  readonly outcomes: readonly ScenarioOutcome[];
  /** Scenarios that were to run. */
  readonly planned: number;
  /** Why the run came to no proper end; undefined where it did. */
  readonly broken: string | undefined;
}

export interface RunWatch {
  /** Aborted to end the run. */
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Told each scenario as it ends. */
  readonly onScenario: (outcome: ScenarioOutcome, done: number, planned: number) => void;
}

/** Runs scenarios in a process of their own and follows it to its end, which comes by the deadline at the latest. */
export function runProcess(job: FeatureJob, watch: RunWatch): Promise<RunOutcome> {
  const cache = process.env.NODE_COMPILE_CACHE ?? getCompileCacheDir();
  const child = spawn(process.execPath, [...sourceFlags, program], {
    cwd: job.cwd,
    // A group of its own: what it is starting ends with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }) },
  });
  const entrusted = entrustProcess(child.pid, { group: true });
  const said = written(child);
  const outcomes: ScenarioOutcome[] = [];
  let planned = 0;
  let broken: string | undefined = 'it ended before it was done';
  child.on('message', (message) => {
    const news = newsShape.parse(message);
    if (news.kind === 'planned') planned = news.scenarios;
    else if (news.kind === 'broken') broken = news.message;
    else if (news.kind === 'done') {
      broken = undefined;
      setTimeout(() => killGroup(child), lingerMs).unref();
    } else {
      outcomes.push(news.outcome);
      watch.onScenario(news.outcome, outcomes.length, planned);
    }
  });
  child.send(job);
  const end = (why: string) => {
    broken = why;
    killGroup(child);
  };
  const timer = setTimeout(
    () => end(`it was not done within ${watch.deadlineMs / 1000} s`),
    watch.deadlineMs,
  );
  const called = () => end('it was interrupted');
  watch.signal.addEventListener('abort', called, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      entrusted.release();
      clearTimeout(timer);
      watch.signal.removeEventListener('abort', called);
      resolve({ outcomes, planned, broken: broken === undefined ? undefined : withWords(broken, said()) });
    });
  });
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** Keeps the last of what the process writes. */
function written(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-keptChars);
    });
  }
  return () => text.trim();
}

function withWords(why: string, words: string): string {
  return words === '' ? why : `${why}\n${words}`;
}
