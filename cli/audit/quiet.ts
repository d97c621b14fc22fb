import { setTimeout as pause } from 'node:timers/promises';
import { type ContextName, contextNames } from '../../proto/catalogue.ts';
import type { DatabaseLayout } from '../malls/context-databases.ts';
import { Snapshots } from './snapshots.ts';
import { Stream } from './stream.ts';

const POLL_MS = 150;

export interface QuietOptions extends DatabaseLayout {
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
const unpublished = (context: ContextName) =>
  `SELECT count(*) AS count FROM ${context}.outbox o WHERE published_at IS NULL AND NOT EXISTS (
     SELECT 1 FROM ${context}.outbox q WHERE q.quarantined_at IS NOT NULL AND q.ordering_key = o.ordering_key)`;
const open = `SELECT count(*) AS count FROM cosec.sagas WHERE status IN ('running', 'compensating')`;

/**
 * Waits until nothing is under way: outboxes empty, no consumer with messages left, no open saga; seen twice
 * in a row without a new message, since work may pass between two looks. Answers whether it came about.
 * @throws the driver's or the client's error when database or broker cannot be read
 */
export async function untilQuiet(options: QuietOptions): Promise<boolean> {
  const until = performance.now() + options.waitMs;
  const stream = await Stream.open(options.natsUrl, options.natsStream);
  const snapshots = await Snapshots.open(options).catch(async (error: unknown) => {
    await stream.close();
    throw error;
  });
  try {
    for (let before: Movement | undefined; ; ) {
      const now = await look(snapshots, stream);
      if (isQuiet(now) && before && isQuiet(before) && before.last === now.last) return true;
      if (performance.now() > until) return false;
      before = now;
      await pause(POLL_MS);
    }
  } finally {
    await snapshots.close();
    await stream.close();
  }
}

async function look(snapshots: Snapshots, stream: Stream): Promise<Movement> {
  const consumers = await stream.consumers();
  const count = async (context: ContextName, text: string) =>
    (await snapshots.of(context).row<{ count: number }>(text)).count;
  let waits = 0;
  for (const context of contextNames) waits += await count(context, unpublished(context));
  const sagas = await count('cosec', open);
  const { last } = await stream.bounds();
  const waiting = [...consumers.values()].reduce((sum, consumer) => sum + consumer.waiting, 0);
  return { unpublished: waits, sagas, waiting, last };
}

function isQuiet({ unpublished, waiting, sagas }: Movement): boolean {
  return unpublished === 0 && waiting === 0 && sagas === 0;
}
