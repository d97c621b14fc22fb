import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { type Database, endSession } from '../database/index.ts';
import { Unavailable } from '../domain/index.ts';
import { crashPoint } from '../faults/index.ts';
import type { Tracer } from '../telemetry/index.ts';
import type { Broker } from './broker.ts';
import { type HandedRow, HandedRows } from './handed-rows.ts';
import type { MessagingLimits } from './limits.ts';
import { Marks } from './marks.ts';
import { Notifier } from './notifier.ts';
import { type OutboxRow, type Outcome, publishRows } from './publish-rows.ts';
import { unpublishLost } from './refill.ts';
import { waitingRows } from './waiting-rows.ts';

export interface RelayOptions {
  readonly database: Database;
  readonly broker: Broker;
  readonly limits: MessagingLimits;
  readonly logger: Logger;
  readonly published?: (name: string, waitedMs: number) => void;
  readonly tracer?: Tracer;
}

/**
 * Takes committed messages from a context's outbox to the broker, in commit order per aggregate.
 *
 * One relay at a time works per outbox: the holder of an advisory lock; others stand by and take over when its
 * session ends. It is woken by commits in its own process, which hand their rows on, by notifications from others
 * and by a slow poll, after which it reads the outbox.
 * A row is marked only after the broker acknowledged it. Within one aggregate each publish waits for the one before,
 * so a lost answer can never let a later message overtake. Errors are survived with growing pauses, for ever.
 */
export class OutboxRelay {
  readonly #options: RelayOptions;
  readonly #channel: string;
  #session: pg.Client | undefined;
  #leading = false;
  #stopping = false;
  #woken = Promise.withResolvers<void>();
  readonly #others: Notifier;
  #running: Promise<void> | undefined;
  #brokerBack = Promise.withResolvers<void>();
  /** The connection to the broker on which stream and outbox have been compared. */
  #compared: string | undefined;
  /** The highest sequence the stream is known to have had on that connection. */
  #streamEnd = 0;
  readonly #handed = new HandedRows();
  #askedAt = Number.NEGATIVE_INFINITY;
  readonly #marks: Marks;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#channel = `${options.database.schema}_outbox`;
    this.#others = new Notifier(options, this.#channel);
    this.#marks = new Marks({
      schema: options.database.schema,
      coalesceMs: options.limits.markCoalesceMs,
      query: (name, text, values) => this.#query(name, text, values),
      failed: (error) => {
        options.logger.warn(
          { err: error },
          'published messages could not be marked; they are looked at again',
        );
        this.#lookAgain();
      },
    });
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Says that messages were committed in this process, and which. */
  wake(rows: readonly HandedRow[]): void {
    if (!this.#options.limits.outboxWoken) return;
    if (this.#leading) {
      this.#handed.offer(rows);
      this.#woken.resolve();
    } else if (!this.#stopping) this.#others.notify();
  }

  /** Publishes what is left, as far as the broker takes it, and ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#woken.resolve();
    this.#brokerBack.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    const [first, last] = this.#options.limits.relayBackoffMs;
    let backoffMs = first;
    const forget = this.#options.broker.onReconnect(() => this.#brokerBack.resolve());
    while (!this.#stopping) {
      try {
        await this.#lead();
        if (!this.#leading) {
          await this.#idle();
          continue;
        }
        const failed = await this.#drain();
        if (!failed) {
          backoffMs = first;
          await this.#idle();
          continue;
        }
      } catch (error) {
        this.#options.logger.warn({ err: error }, 'the outbox relay had to start over');
        await this.#resign();
      }
      const back = await this.#rest(backoffMs * (0.5 + Math.random()));
      backoffMs = back ? first : Math.min(backoffMs * 2, last);
    }
    forget();
    await this.#finish();
  }

  /** A pause after a failure. Answers whether it ended early because the broker is back. */
  async #rest(ms: number): Promise<boolean> {
    const timer = new AbortController();
    const waited = pause(ms, false, { signal: timer.signal }).catch(() => false);
    const back = await Promise.race([waited, this.#brokerBack.promise.then(() => true)]);
    timer.abort();
    if (back) this.#brokerBack = Promise.withResolvers();
    return back;
  }

  async #finish(): Promise<void> {
    try {
      if (this.#leading) await this.#drain();
    } catch (error) {
      this.#options.logger.warn(
        { err: error },
        'the outbox could not be emptied before the stop; its rows stay',
      );
    }
    await this.#resign();
  }

  /** Opens the session and tries for the lock; the lock lasts as long as the session. */
  async #lead(): Promise<void> {
    if (!this.#session) {
      // A mark lost in a crash only means a repeat, which the broker or the inbox drops.
      const session = await this.#options.database.session({ lazyCommits: true });
      session.on('notification', () => this.#lookAgain());
      session.on('end', () => {
        if (this.#session === session) {
          this.#session = undefined;
          this.#leading = false;
          this.#compared = undefined;
          this.#marks.forget();
          this.#woken.resolve();
        }
      });
      this.#session = session;
      await session.query(`LISTEN ${this.#channel}`);
    }
    if (this.#leading) return;
    const { rows } = await this.#session.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock(hashtext($1)) AS locked',
      [`mall relay ${this.#options.database.schema}`],
    );
    this.#leading = rows[0]?.locked === true;
    this.#handed.forget();
  }

  /** The outbox may hold rows that were not handed on: of other processes, or lost on the way. */
  #lookAgain(): void {
    this.#handed.ask();
    this.#woken.resolve();
  }

  async #resign(): Promise<void> {
    await this.#marks.flush().catch(() => undefined);
    this.#marks.forget();
    const session = this.#session;
    this.#session = undefined;
    this.#leading = false;
    this.#compared = undefined;
    if (session) await endSession(session);
  }

  async #idle(): Promise<void> {
    if (this.#stopping) return;
    const timer = setTimeout(() => this.#lookAgain(), this.#options.limits.outboxPollMs);
    await this.#woken.promise;
    clearTimeout(timer);
    this.#woken = Promise.withResolvers();
  }

  /** Publishes until nothing is left. Answers whether a row failed and has to be tried again. */
  async #drain(): Promise<boolean> {
    for (;;) {
      this.#woken = Promise.withResolvers();
      await this.#compare();
      const rows = await this.#next();
      if (rows.length === 0) return false;
      const outcomes = await publishRows(rows, {
        ...this.#options,
        oneByOne: this.#options.limits.outboxOneByOne,
        acknowledged: () => crashPoint('relay.after-publish', this.#options.database.schema),
        mayPublish: () => this.#options.broker.session === this.#compared,
      });
      if (this.#isDoubtful(outcomes)) {
        this.#handed.forget();
        return true;
      }
      if (await this.#record(outcomes)) {
        // The stream itself may have gone while the connection stayed.
        this.#compared = undefined;
        return true;
      }
      if (this.#session === undefined) return true;
    }
  }

  /** Rows that were handed on, unless the outbox may hold others: then those it has, which include them. */
  async #next(): Promise<readonly OutboxRow[]> {
    const { outboxBatchRows, outboxPollMs } = this.#options.limits;
    // Also when it is never idle: a commit whose answer was lost has handed nothing on.
    if (performance.now() - this.#askedAt > outboxPollMs) this.#handed.ask();
    const handed = this.#handed.take(outboxBatchRows);
    if (!this.#handed.mustAsk) return handed;
    await this.#marks.flush();
    this.#askedAt = performance.now();
    const rows = await waitingRows({
      schema: this.#options.database.schema,
      most: outboxBatchRows,
      query: (name, text, values) => this.#query(name, text, values),
    });
    if (rows.length < outboxBatchRows) this.#handed.asked();
    return rows;
  }

  /** Once per connection to the broker, before anything is published on it: see {@link unpublishLost}. */
  async #compare(): Promise<void> {
    const { broker, database, limits, logger } = this.#options;
    const { session } = broker;
    if (!broker.connected || session === this.#compared) return;
    // What was acknowledged on the connection before has to be found among the published rows.
    await this.#marks.flush();
    this.#handed.forget();
    const refill = await unpublishLost({
      broker,
      schema: database.schema,
      batchRows: limits.refillBatchRows,
      query: (name, text, values) => this.#query(name, text, values),
    });
    if (refill.rows > 0)
      logger.warn({ rows: refill.rows }, 'the stream has lost messages; they are published again');
    this.#streamEnd = refill.end;
    this.#compared = session;
  }

  /**
   * Acknowledgements that came over a connection not looked at yet, or at sequences that were given out before, are
   * not recorded: rows that the stream has lost could not be told from others afterwards.
   */
  #isDoubtful(outcomes: readonly Outcome[]): boolean {
    const fresh = outcomes.flatMap((one) => ('sequence' in one && !one.duplicate ? [one.sequence] : []));
    const reused = fresh.some((sequence) => sequence <= this.#streamEnd);
    if (reused) this.#compared = undefined;
    this.#streamEnd = Math.max(this.#streamEnd, ...fresh);
    return reused || (fresh.length > 0 && this.#options.broker.session !== this.#compared);
  }

  /** The relay's own connection: bounded, prepared, and gone when its lock is. */
  async #query<Row extends pg.QueryResultRow>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    if (!this.#session) throw new Unavailable('the relay has lost its session');
    const { rows } = await this.#session.query<Row>({ name, text, values });
    return rows;
  }

  /** Answers whether a row has to be tried again. */
  async #record(outcomes: readonly Outcome[]): Promise<boolean> {
    const { database, logger } = this.#options;
    const done = outcomes.flatMap((outcome) => ('sequence' in outcome ? [outcome] : []));
    const failed = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome] : []));
    this.#marks.add(done.map(({ row, sequence }) => ({ position: row.position, sequence })));
    this.#handed.published(done.map(({ row }) => row.position));
    if (failed.length > 0) this.#handed.ask();
    for (const { row, error, permanent } of failed) {
      const level = permanent ? 'error' : 'warn';
      logger[level](
        { err: error, message: row.id, name: row.name, permanent },
        'a message was not published',
      );
      await this.#query(
        'failed',
        `UPDATE ${database.schema}.outbox SET attempts = attempts + 1, last_error = $2,
           quarantined_at = CASE WHEN $3 THEN now() END WHERE position = $1`,
        [row.position, error.message, permanent],
      );
    }
    return failed.some(({ permanent }) => !permanent);
  }
}
