import type { Logger } from 'pino';
import { Database, ensureMigrated } from '../database/index.ts';
import type { ReadinessCheck } from '../http/index.ts';
import {
  type Broker,
  Consumer,
  type MessagingLimits,
  Outbox,
  OutboxRelay,
  purgeExpired,
} from '../messaging/index.ts';
import type { ObserveCall, ReportFault, RpcChannels, RpcService, Tokens } from '../rpc/index.ts';
import { MessagingMetrics, type Metrics, type Tracer } from '../telemetry/index.ts';
import { BackgroundTasks } from './background-tasks.ts';
import { contextMetrics } from './context-metrics.ts';
import type { BackgroundTask, ContextModule } from './module.ts';
import type { StrictRules } from './strict.ts';

export interface ContextRuntimeOptions {
  readonly module: ContextModule;
  readonly databaseUrl: string;
  readonly databaseLimits: ConstructorParameters<typeof Database>[0]['limits'];
  readonly messagingLimits: MessagingLimits;
  readonly broker: Broker;
  readonly channels: RpcChannels;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly strict: StrictRules;
  /** Checks who calls; undefined when authentication is off. */
  readonly tokens?: Tokens | undefined;
}

/** One running context: its database, outbox and relay, consumers and background tasks. */
export class ContextRuntime {
  readonly services: readonly RpcService[];
  readonly #options: ContextRuntimeOptions;
  readonly #database: Database;
  readonly #relay: OutboxRelay;
  readonly #consumers: readonly Consumer[];
  readonly #tasks: BackgroundTasks;

  constructor(options: ContextRuntimeOptions) {
    const { module, broker, channels, metrics, tracer } = options;
    this.#options = options;
    const logger = options.logger.child({ service: module.name });
    const messagingMetrics = new MessagingMetrics(module.name, metrics);
    this.#database = new Database({
      url: options.databaseUrl,
      schema: module.name,
      limits: options.databaseLimits,
      ...(module.constraints && { constraints: module.constraints }),
    });
    contextMetrics(metrics, this.#database);
    const limits = options.messagingLimits;
    this.#relay = new OutboxRelay({
      database: this.#database,
      broker,
      limits,
      logger,
      published: (name, waitedMs) => messagingMetrics.published(name, waitedMs),
      tracer,
    });
    const outbox = new Outbox({
      schema: module.name,
      stream: broker.stream,
      committed: (rows) => this.#relay.wake(rows),
      tracer,
    });
    const parts = module.build({
      database: this.#database,
      outbox,
      channels,
      metrics,
      logger,
      strict: options.strict,
    });
    const report: ReportFault = (path, error, correlationId) =>
      logger.error({ err: error, path, correlationId }, 'a call failed by a fault of ours');
    this.services = parts.services.map((service) =>
      service({
        report,
        observe: callObserver(metrics, logger),
        tracer,
        database: this.#database,
        uuids: options.strict.has('uuids'),
        tokens: options.tokens,
      }),
    );
    this.#consumers = parts.subscriptions.map(
      (subscribed) =>
        new Consumer({
          database: this.#database,
          broker,
          limits,
          logger,
          subscribed,
          observe: (name, outcome, seconds) => {
            messagingMetrics.observed(name, outcome, seconds);
            if (outcome !== 'ignored')
              logger.debug({ name, outcome, ms: Math.round(seconds * 1000) }, 'a message was taken');
          },
          tracer,
        }),
    );
    this.#tasks = new BackgroundTasks([...(parts.tasks ?? []), this.#retention()], logger);
  }

  /** Brings the context's schema up to date, or makes sure that somebody has. @throws MallError */
  async migrate(): Promise<void> {
    const { module, databaseUrl } = this.#options;
    await ensureMigrated(databaseUrl, { schema: module.name, folders: module.migrations });
  }

  /** Begins to publish and to take messages; the doors must be open, since handlers may call other contexts. */
  async start(): Promise<void> {
    this.#relay.start();
    await Promise.all(this.#consumers.map((consumer) => consumer.start()));
    this.#tasks.start();
  }

  /** Takes no more messages; finishes those in hand. */
  async stopIntake(): Promise<void> {
    await Promise.all([this.#tasks.stop(), ...this.#consumers.map((consumer) => consumer.stop())]);
  }

  /** Publishes what is left and lets go of the database. */
  async close(): Promise<void> {
    await this.#relay.stop();
    await this.#database.close();
  }

  readinessChecks(): readonly ReadinessCheck[] {
    const { module, messagingLimits } = this.#options;
    return [
      {
        name: `${module.name} database`,
        check: async () => ((await this.#database.ping()) ? undefined : 'the database does not answer'),
      },
      {
        name: `${module.name} outbox`,
        check: async () => {
          const ageMs = await this.#outboxAgeMs();
          const stuck = ageMs !== undefined && ageMs > messagingLimits.outboxStuckMs;
          return stuck ? `its oldest message has waited ${Math.round(ageMs / 1000)} s` : undefined;
        },
      },
      {
        name: `${module.name} consumers`,
        check: async () => {
          const unread = this.#consumers.filter((consumer) => !consumer.reading);
          const names = unread.map((consumer) => consumer.name).join(', ');
          return names === '' ? undefined : `missing at the broker, or not read yet: ${names}`;
        },
      },
    ];
  }

  #retention(): BackgroundTask {
    const { messagingLimits: limits } = this.#options;
    return {
      name: 'retention',
      everyMs: limits.retentionEveryMs,
      run: async () => {
        await purgeExpired(this.#database, limits);
      },
    };
  }

  /** Age of the oldest message not yet published; undefined when there is none or nobody can tell. */
  async #outboxAgeMs(): Promise<number | undefined> {
    const { schema } = this.#database;
    try {
      const row = await this.#database.queryOne<{ age: number | null }>(
        // The first by position, not the least of all: a backlog can be long.
        `SELECT extract(epoch FROM now() - sent_at)::float8 * 1000 AS age
         FROM ${schema}.outbox WHERE published_at IS NULL AND quarantined_at IS NULL ORDER BY position LIMIT 1`,
        [],
      );
      return row?.age ?? undefined;
    } catch {
      // The check of the database says so already.
      return undefined;
    }
  }
}

/** Measures every call, and notes it in the log. */
function callObserver(metrics: Metrics, logger: Logger): ObserveCall {
  const durations = metrics.histogram({
    name: 'rpc_server_call_duration_seconds',
    help: 'Time to answer calls, whichever door they came through',
    labels: ['rpc_method', 'rpc_response_status_code'],
    bucketsSeconds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  return (path, code, seconds) => {
    durations.observe({ rpc_method: path.slice(1), rpc_response_status_code: code }, seconds);
    logger.debug({ path, code, ms: Math.round(seconds * 1000) }, 'a call was answered');
  };
}
