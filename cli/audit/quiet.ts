import { setTimeout as pause } from 'node:timers/promises';
import { contextNames } from '../../proto/catalogue.ts';
import { Snapshot } from './snapshot.ts';
import { Stream } from './stream.ts';

const POLL_MS = 150;

export interface QuietOptions {
  readonly postgresUrl: string;
  readonly natsUrl: string;
  readonly natsStream: string;
  readonly waitMs: number;
}

/** What is under way at a moment. */
interface Movement {
  readonly unpublished: number;
  readonly waiting: number;
  readonly sagas: number;
  /** The stream's end: while it moves, so does the mall. */
  readonly last: number;
}

/** What a row blocked behind a quarantined one waits for never comes by itself. */
const unpublished = contextNames
  .map(
    (context) =>
      `(SELECT count(*) FROM ${context}.outbox o WHERE published_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM ${context}.outbox q
          WHERE q.quarantined_at IS NOT NULL AND q.ordering_key = o.ordering_key))`,
  )
  .join(' + ');
const open = `(SELECT count(*) FROM cosec.sagas WHERE status IN ('running', 'compensating'))`;

/**
 * Waits until nothing is under way: outboxes empty, no consumer with messages left, no open saga; seen twice
 * in a row without a new message, since work may pass between two looks. Answers whether it came about.
 * @throws the driver's or the client's error when database or broker cannot be read
 */
export async function untilQuiet(options: QuietOptions): Promise<boolean> {
  const until = performance.now() + options.waitMs;
  const stream = await Stream.open(options.natsUrl, options.natsStream);
  const snapshot = await Snapshot.open(options.postgresUrl).catch(async (error: unknown) => {
    await stream.close();
    throw error;
  });
  try {
    for (let before: Movement | undefined; ; ) {
      const now = await look(snapshot, stream);
      if (isQuiet(now) && before && isQuiet(before) && before.last === now.last) return true;
      if (performance.now() > until) return false;
      before = now;
      await pause(POLL_MS);
    }
  } finally {
    await snapshot.close();
    await stream.close();
  }
}

async function look(snapshot: Snapshot, stream: Stream): Promise<Movement> {
  const consumers = await stream.consumers();
  const counts = await snapshot.row<{ unpublished: number; sagas: number }>(
    `SELECT ${unpublished} AS unpublished, ${open} AS sagas`,
  );
  const { last } = await stream.bounds();
  const waiting = [...consumers.values()].reduce((sum, consumer) => sum + consumer.waiting, 0);
  return { ...counts, waiting, last };
}

function isQuiet({ unpublished, waiting, sagas }: Movement): boolean {
  return unpublished === 0 && waiting === 0 && sagas === 0;
}
