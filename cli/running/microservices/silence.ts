import { setTimeout as pause } from 'node:timers/promises';
import { supervisionLimits as limits } from './limits.ts';

export interface Watched {
  /** Its REST door. */
  readonly url: string;
  /** It may not answer before it is up. */
  readonly firstAnswerWithinMs: number;
  /** From then on a longer silence is one for good. */
  readonly answersWithinMs: number;
  /** Aborted when nobody needs to know any more. */
  readonly signal: AbortSignal;
}

/**
 * Asks a process again and again whether it lives. Resolves to true once it has been silent for too long, though it
 * has not ended: stopped, or busy with one thing for ever. To false when it is not watched any more.
 */
export async function fallsSilent(watched: Watched): Promise<boolean> {
  const { url, firstAnswerWithinMs, answersWithinMs, signal } = watched;
  const everyMs = Math.min(limits.askEveryMs, answersWithinMs / 4);
  let silentAt = Date.now() + firstAnswerWithinMs;
  while (!signal.aborted) {
    if (await answers(url, answersWithinMs, signal)) silentAt = Date.now() + answersWithinMs;
    // Asked once more: when this process was stopped itself, its own deadlines have passed and nothing is said by that.
    else if (Date.now() > silentAt && !(await answers(url, everyMs, signal))) return !signal.aborted;
    await pause(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
  return false;
}

/** Any answer is one: whether it can do its work now is another question. */
async function answers(url: string, withinMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(withinMs))]);
    const response = await fetch(`${url}/liveness`, { signal: deadline });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
