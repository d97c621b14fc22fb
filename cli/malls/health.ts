import { reason } from '../../containers/embedded/index.ts';

const answerWithinMs = 2_000;

/** What a mall says of itself on `/readiness`. */
export interface Health {
  readonly ready: boolean;
  /** `ready`, or why not: `not ready: …` with all that it lacks, or `no answer: …`. */
  readonly text: string;
  /** What it lacks to do its work; empty when it is ready, or does not say. */
  readonly problems: readonly Problem[];
}

/** A check of a mall's readiness that failed: `search outbox`, or in microservices mode the service, `search`. */
export interface Problem {
  readonly check: string;
  readonly problem: string;
}

/** Asks a mall whether it is ready. Never rejects. */
export async function readiness(restUrl: string): Promise<Health> {
  try {
    const answer = await fetch(`${restUrl}/readiness`, { signal: AbortSignal.timeout(answerWithinMs) });
    if (answer.ok) return { ready: true, text: 'ready', problems: [] };
    const problems = problemsIn(await answer.text());
    const why = problems.map(({ check, problem }) => `${check}: ${problem}`).join('; ');
    const text = `not ready: ${why === '' ? `status ${answer.status}` : why}`;
    return { ready: false, text, problems };
  } catch (error) {
    const why = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { ready: false, text: `no answer: ${reason(why)}`, problems: [] };
  }
}

/** Reads `{"ready":false,"checks":{"broker":"the message broker is away","search outbox":"ok"}}`. */
function problemsIn(body: string): readonly Problem[] {
  const checks = checksIn(body);
  return Object.entries(checks)
    .filter(([, told]) => told !== 'ok')
    .map(([check, told]) => ({ check, problem: String(told) }));
}

function checksIn(body: string): object {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== 'object' || answer === null || !('checks' in answer)) return {};
    return typeof answer.checks === 'object' && answer.checks !== null ? answer.checks : {};
  } catch {
    return {};
  }
}
