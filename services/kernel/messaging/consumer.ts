import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerMessages } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import { knownIdsOfSaga } from '../../../proto/catalogue.ts';
import { type Database, DuplicateMessage } from '../database/index.ts';
import { crashPoint } from '../faults/index.ts';
import {
  failSpan,
  headersAfter,
  inScope,
  ownAttributeNames,
  type Tracer,
  traceHeaders,
  untraced,
} from '../telemetry/index.ts';
import type { Broker } from './broker.ts';
import { park } from './dead-letters.ts';
import { Delivery } from './delivery.ts';
import { type Envelope, UndecodableMessage } from './envelope.ts';
import { decode, type Handling, isPermanent, orderingKey, placeOf, takeEffect } from './handling.ts';
import { HeldMessages } from './held-messages.ts';
import { InHand } from './in-hand.ts';
import type { MessagingLimits } from './limits.ts';
import { startProcessing } from './message-spans.ts';
import { Outage } from './outage.ts';
import type { SubscribedGroup, Subscription } from './subscriptions.ts';

export type HandlingOutcome = 'handled' | 'duplicate' | 'ignored' | 'retried' | 'parked';

export interface ConsumerOptions {
  readonly database: Database;
  readonly broker: Broker;
  readonly limits: MessagingLimits;
  readonly logger: Logger;
  readonly subscribed: SubscribedGroup;
  /** Told after each message what became of it and how long its handling took. */
  readonly observe?: (name: string, outcome: HandlingOutcome, seconds: number) => void;
  readonly tracer?: Tracer;
}

/**
 * Runs one durable pull consumer: bounded messages in hand, several aggregates at once, one message after the other
 * within an aggregate. Inbox row, effect and outgoing messages commit together; then the message is acknowledged.
 * Transient failures are tried again after growing pauses; refusals, undecodable bytes and exhausted tries are parked.
 * While the database is away messages wait in hand, as that is not their fault.
 */
export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #subscriptions: ReadonlyMap<string, Subscription>;
  readonly #held = new HeldMessages();
  #source: ConsumerMessages | undefined;
  #running: Promise<void> | undefined;
  #progress: NodeJS.Timeout | undefined;
  #reading = false;
  readonly #begun = Promise.withResolvers<void>();
  /** The broker bounds it, by `maxAckPending`. */
  readonly #inHand: InHand;
  readonly #stop = new AbortController();
  readonly #outage: Outage;

  constructor(options: ConsumerOptions) {
    const { database, limits, logger, subscribed } = options;
    this.#options = options;
    this.#inHand = new InHand(limits.consumerConcurrency);
    this.#outage = new Outage({
      database,
      limits,
      logger: logger.child({ consumer: subscribed.group.name }),
      signal: this.#stop.signal,
    });
    this.#subscriptions = new Map(options.subscribed.subscriptions.map((each) => [each.name, each]));
  }

  /** The durable's name. */
  get name(): string {
    return this.#options.subscribed.group.name;
  }

  get #stopping(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Whether its durable is there and messages are taken from it. */
  get reading(): boolean {
    return this.#reading;
  }

  /** Makes sure of the durable and begins to take messages; resolves once it does, or has failed to and will try on. */
  async start(): Promise<void> {
    await this.#ensure();
    this.#progress = setInterval(
      () => this.#inHand.tellProgress(),
      this.#options.limits.ackProgressMs,
    ).unref();
    this.#running = this.#run();
    await this.#begun.promise;
  }

  /** Takes no more, finishes what has begun and leaves the rest to others. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#source?.stop();
    await this.#running;
    await this.#inHand.settled();
    clearInterval(this.#progress);
  }

  #ensure(): Promise<void> {
    const { broker } = this.#options;
    return broker.ensureConsumer(this.name, `${broker.stream}.${this.#options.subscribed.group.channel}`);
  }

  /**
   * Reads until stopped; a source that ends by itself (consumer deleted, stream gone) is opened again. So is one
   * whose broker has been away: it may have come back without the durable, which the client would find out late.
   */
  async #run(): Promise<void> {
    const forget = this.#options.broker.onReconnect(() => this.#source?.stop());
    while (!this.#stopping) {
      try {
        await this.#read();
      } catch (error) {
        this.#options.logger.warn({ err: error, consumer: this.name }, 'consumer interrupted');
      }
      this.#reading = false;
      this.#begun.resolve();
      if (this.#stopping) break;
      await pause(500 * (0.5 + Math.random()));
      await this.#ensure().catch((error: unknown) =>
        this.#options.logger.warn({ err: error }, 'consumer not restored yet'),
      );
    }
    forget();
  }

  async #read(): Promise<void> {
    const { broker, limits } = this.#options;
    const consumer = await broker.jetstream.consumers.get(broker.stream, this.name);
    this.#source = await consumer.consume({
      max_messages: limits.consumerBatchMessages,
      expires: limits.pullExpiresMs,
      abort_on_missing_resource: true,
    });
    // A stop that came before the source was there could not end it.
    if (this.#stopping) this.#source.stop();
    void endWhereNobodyAnswers(this.#source);
    this.#reading = true;
    this.#begun.resolve();
    for await (const message of this.#source) {
      if (this.#stopping) {
        message.nak();
        continue;
      }
      this.#enqueue(new Delivery(message, broker));
    }
  }

  #enqueue(message: Delivery): void {
    const decoded = decode(message);
    const key = decoded instanceof UndecodableMessage ? `undecodable ${message.seq}` : orderingKey(decoded);
    this.#inHand.add(message, key, async () => {
      try {
        if (this.#stopping) message.nak();
        else await this.#take(message, decoded, key);
      } catch (error) {
        // Not acknowledged: the broker delivers it again after the ack wait.
        this.#options.logger.error(
          { err: error, subject: message.subject },
          'a message could not be settled',
        );
      }
    });
  }

  async #take(message: Delivery, decoded: Envelope | UndecodableMessage, key: string): Promise<void> {
    if (decoded instanceof UndecodableMessage) return this.#park(message, key, 1, decoded, undefined);
    const subscription = this.#subscriptions.get(decoded.name);
    if (!subscription) {
      message.ack();
      this.#options.observe?.(decoded.name, 'ignored', 0);
      return;
    }
    const placed = placeOf(decoded, message);
    const dueAt = this.#held.blockedUntil(key, placed);
    if (dueAt !== undefined) {
      const until = Math.max(dueAt, Date.now()) + 50;
      this.#held.hold(key, placed, { dueAt: until, attempts: this.#held.attempts(key, placed.id) });
      message.nak(until - Date.now());
      return;
    }
    const attempt = this.#held.attempts(key, decoded.id) + 1;
    for (let outages = 0; await this.#outage.over(); outages++) {
      const tried = { message, envelope: decoded, subscription, key, attempt, outages };
      if ((await this.#observed(tried)) !== 'kept') return;
    }
    message.nak();
  }

  /** Handles a message within its span and its scope in the log. */
  #observed(tried: Omit<Handling, 'trace' | 'span'>): Promise<HandlingOutcome | 'kept'> {
    const { message, envelope, attempt } = tried;
    const { tracer = untraced, observe } = this.#options;
    const started = performance.now();
    const { subject } = message;
    const span = startProcessing(tracer, { ...envelope, subject }, { consumer: this.name, attempt });
    const trace = headersAfter(span, traceHeaders(envelope.metadata));
    const about = [() => knownIdsOfSaga(envelope.metadata)];
    return inScope({ tracer, trace, span, messageId: envelope.id, about }, async () => {
      try {
        const came = await this.#handle({ ...tried, trace, span });
        const outcome = came === 'kept' ? 'retried' : came;
        span?.setAttribute(ownAttributeNames.outcome, outcome);
        observe?.(envelope.name, outcome, (performance.now() - started) / 1000);
        return came;
      } finally {
        span?.end();
      }
    });
  }

  async #handle(handling: Handling): Promise<HandlingOutcome | 'kept'> {
    try {
      await takeEffect(handling, { ...this.#options, consumer: this.name });
      crashPoint('consumer.after-effect', this.#options.database.schema);
      return this.#settle(handling, 'handled');
    } catch (error) {
      if (error instanceof DuplicateMessage) return this.#settle(handling, 'duplicate');
      failSpan(handling.span, error);
      return await this.#failed(handling, error);
    }
  }

  #settle({ message, envelope, key }: Handling, outcome: 'handled' | 'duplicate'): HandlingOutcome {
    const { schema } = this.#options.database;
    crashPoint('consumer.before-ack', schema);
    message.ack();
    crashPoint('consumer.after-ack', schema);
    this.#held.release(key, envelope.id);
    return outcome;
  }

  /** Puts the message off or parks it; kept in hand is one whose database is away, which says nothing about it. */
  async #failed(
    { message, envelope, key, attempt, outages }: Handling,
    error: unknown,
  ): Promise<'retried' | 'parked' | 'kept'> {
    const { limits, logger } = this.#options;
    const away = !isPermanent(error) && (await this.#outage.away());
    if (away && outages < limits.outagesForgiven) return 'kept';
    const delayMs = limits.redeliveryDelaysMs[attempt - 1];
    if (isPermanent(error) || delayMs === undefined) {
      await this.#park(message, key, attempt, error, envelope);
      return 'parked';
    }
    logger.warn(
      { err: error, consumer: this.name, message: envelope.id, name: envelope.name, attempt, delayMs },
      'a message failed and will be tried again',
    );
    this.#held.hold(key, placeOf(envelope, message), { dueAt: Date.now() + delayMs, attempts: attempt });
    message.nak(delayMs);
    return 'retried';
  }

  async #park(
    message: Delivery,
    key: string,
    attempts: number,
    error: unknown,
    envelope: Envelope | undefined,
  ): Promise<void> {
    const { database, logger } = this.#options;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    await this.#outage.over();
    await park(database, {
      consumer: this.name,
      messageId: envelope?.id ?? '',
      name: envelope?.name ?? '',
      subject: message.subject,
      bytes: message.data,
      metadata: envelope?.metadata ?? {},
      reason,
      attempts,
      streamSequence: message.seq,
    });
    message.term(reason.slice(0, 200));
    if (envelope) this.#held.release(key, envelope.id);
    logger.error(
      { err: error, consumer: this.name, message: envelope?.id, sequence: message.seq, attempts },
      'a message was parked as a dead letter',
    );
  }
}

/** Ends a source whose durable was gone before it was asked for messages: the client would wait twenty seconds more. */
async function endWhereNobodyAnswers(source: ConsumerMessages): Promise<void> {
  for await (const { type } of source.status()) if (type === 'no_responders') source.stop();
}
