import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { InfrastructureError, reason } from '../embedded/index.ts';
import type { DockerEngine } from './engine.ts';

/** A crash leaves a log to replay before the first answer: as long as that takes on a slow disk. */
const readyWithinMs = 60_000;
const probeEveryMs = 25;
/** What a container wrote last arrives a moment after its end. */
const lastWordsMs = 200;
const tailLines = 12;

export interface ReadyWait<T> {
  readonly engine: DockerEngine;
  readonly id: string;
  /** What people call it: `Postgres`. */
  readonly title: string;
  readonly logFile: string;
  readonly signal: AbortSignal;
  /** Rejects for as long as it is not ready. */
  readonly probe: () => Promise<T>;
}

/**
 * Asks a container's server until it answers.
 * @throws InfrastructureError with its last words when it ends instead, or with its last complaint when it takes
 * too long
 */
export async function untilReady<T>(wait: ReadyWait<T>): Promise<T> {
  const settled = new AbortController();
  const ended = wait.engine.exitCode(wait.id, AbortSignal.any([wait.signal, settled.signal])).then(
    (code) => `exit code ${code}`,
    (error: unknown) => reason(error),
  );
  let end: string | undefined;
  void ended.then((how) => {
    end = how;
  });
  const deadline = performance.now() + readyWithinMs;
  try {
    for (;;) {
      wait.signal.throwIfAborted();
      try {
        return await wait.probe();
      } catch (error) {
        if (end !== undefined) throw await endedInstead(wait, end);
        if (performance.now() > deadline) throw tooLate(wait, error);
      }
      await pause(probeEveryMs);
    }
  } finally {
    settled.abort();
  }
}

async function endedInstead(
  { title, logFile }: ReadyWait<unknown>,
  how: string,
): Promise<InfrastructureError> {
  await pause(lastWordsMs);
  const written = existsSync(logFile) ? readFileSync(logFile, 'utf8').trimEnd().split('\n') : [];
  const cause = written.slice(-tailLines).join('\n');
  return new InfrastructureError(`${title} ended in its container while starting (${how}).`, { cause });
}

function tooLate({ title }: ReadyWait<unknown>, cause: unknown): InfrastructureError {
  const seconds = readyWithinMs / 1000;
  return new InfrastructureError(`${title} did not answer in its container within ${seconds} s.`, { cause });
}
