import { reason } from '../../containers/embedded/index.ts';

const answerWithinMs = 2_000;

/** What a mall says of itself on `/readiness`. */
export interface Health {
  readonly ready: boolean;
  /** `ready`, or why not, in a few words. */
  readonly text: string;
}

/** Asks a mall whether it is ready. Never rejects. */
export async function readiness(restUrl: string): Promise<Health> {
  try {
    const answer = await fetch(`${restUrl}/readiness`, { signal: AbortSignal.timeout(answerWithinMs) });
    if (answer.ok) return { ready: true, text: 'ready' };
    const body = (await answer.text()).replaceAll(/\s+/g, ' ').slice(0, 120);
    return { ready: false, text: `not ready: ${body === '' ? `status ${answer.status}` : body}` };
  } catch (error) {
    const why = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { ready: false, text: `no answer: ${reason(why)}` };
  }
}
