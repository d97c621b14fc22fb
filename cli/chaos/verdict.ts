import { connected } from '../../containers/embedded/index.ts';
import { audit } from '../audit/audit.ts';
import { untilQuiet } from '../audit/quiet.ts';
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
  readonly waitedMs: number;
}

/** Waits until nothing moves any more, then audits. */
export async function judge(ground: Ground): Promise<Verdict> {
  const started = performance.now();
  const quiet = await untilQuiet({ ...ground, waitMs: quietWithinMs });
  const waitedMs = Math.round(performance.now() - started);
  const { outcomes, violations } = await audit({ ...ground, allowDeadLetters: false });
  const wrong = outcomes.flatMap(({ shown }) => shown.slice(0, 3).map(({ says, ids }) => `${says} [${ids}]`));
  return { quiet, violations, wrong, waitedMs, ...(await countOrders(ground.postgresUrl)) };
}

/** Orders so far, and those whose saga has come to an end. */
export async function countOrders(postgresUrl: string): Promise<{ orders: number; ended: number }> {
  const { rows } = await connected(postgresUrl, (client) =>
    client.query<{ orders: number; ended: number }>(
      `SELECT (SELECT count(*)::int FROM ordering.events WHERE stream_version = 1) AS orders,
              (SELECT count(*)::int FROM cosec.sagas WHERE status IN ('completed', 'compensated')) AS ended`,
    ),
  );
  return rows[0] ?? { orders: 0, ended: 0 };
}
