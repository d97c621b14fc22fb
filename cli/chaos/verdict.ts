import { connected } from '../../containers/embedded/index.ts';
import { audit } from '../audit/audit.ts';
import { untilQuiet } from '../audit/quiet.ts';
import { contextDatabaseUrl, type DatabaseLayout } from '../malls/context-databases.ts';
import type { Ground } from './mall-process.ts';

/** The pauses between the tries of a message that several faults may cost in a row: 1, 5, 30 and 120 s. */
const quietWithinMs = 240_000;

/** What became of a mall after a fault. */
export interface Verdict {
  /** It came to rest. */
  readonly quiet: boolean;
  /** Orders so far, and those whose saga has come to an end. */
  readonly orders: number;
  readonly ended: number;
  readonly violations: number;
  /** What is wrong, the first of each rule. */
  readonly wrong: readonly string[];
  /** How long it took to come to rest. */
  readonly waitedMs: number;
  /** From the first client to the last word of the audit. */
  readonly tookMs: number;
}

/** Waits until nothing moves any more, then audits. @param since when what is judged began */
export async function judge(ground: Ground, since: number): Promise<Verdict> {
  const started = performance.now();
  const quiet = await untilQuiet({ ...ground, waitMs: quietWithinMs });
  const waitedMs = Math.round(performance.now() - started);
  const { outcomes, violations } = await audit({ ...ground, allowDeadLetters: false });
  const wrong = outcomes.flatMap(({ shown }) => shown.slice(0, 3).map(({ says, ids }) => `${says} [${ids}]`));
  const counts = await countOrders(ground);
  return { quiet, violations, wrong, waitedMs, ...counts, tookMs: Math.round(performance.now() - since) };
}

/** Orders so far, and those whose saga has come to an end. */
export async function countOrders(layout: DatabaseLayout): Promise<{ orders: number; ended: number }> {
  const count = (context: 'ordering' | 'cosec', rows: string) =>
    connected(contextDatabaseUrl(layout, context), async (client) => {
      const answer = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${rows}`);
      return answer.rows[0]?.count ?? 0;
    });
  return {
    orders: await count('ordering', 'ordering.events WHERE stream_version = 1'),
    ended: await count('cosec', `cosec.sagas WHERE status IN ('completed', 'compensated')`),
  };
}
