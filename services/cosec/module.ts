import type { Logger } from 'pino';
import { Conflict } from '../kernel/domain/index.ts';
import { type ContextModule, kernelMigrations } from '../kernel/lifecycle/index.ts';
import {
  endedSagaMetrics,
  SagaOrchestrator,
  type SagaStatus,
  unfinishedSagaMetrics,
} from '../kernel/saga/index.ts';
import type { Metrics } from '../kernel/telemetry/index.ts';
import { createOrderDataCodec, createOrderSaga } from './create-order-saga.ts';
import { cosecSubscriptions } from './messages.ts';

export { createOrderDataCodec, createOrderSaga } from './create-order-saga.ts';

/** How often overdue sagas are looked for, and how many are moved at once. */
const SWEEP_EVERY_MS = 1_000;
const SWEEP_SAGAS = 100;

export interface CosecModuleOptions {
  /** How long a step's answer is awaited before its command is sent again; 30 s unless given. */
  readonly stepDeadlineMs?: number | undefined;
}

/** The saga execution coordinator: brings each created order to approval, or undoes what was done for it. */
export function cosecModule({
  stepDeadlineMs = createOrderSaga.limits.stepDeadlineMs,
}: CosecModuleOptions = {}): ContextModule {
  const definition = { ...createOrderSaga, limits: { ...createOrderSaga.limits, stepDeadlineMs } };
  return {
    name: 'cosec',
    migrations: [kernelMigrations.messaging, kernelMigrations.saga],
    // Two deliveries that begin the same saga at once: the loser looks again and finds it begun.
    constraints: { sagas_pkey: () => new Conflict('the saga was begun at the same time') },
    build: ({ database, outbox, metrics, logger }) => {
      const ended = endedOrders(metrics, logger);
      unfinishedSagaMetrics(metrics, database, definition.name);
      const codec = createOrderDataCodec;
      const orchestrator = new SagaOrchestrator({ database, outbox, definition, codec, ended });
      return {
        services: [],
        subscriptions: cosecSubscriptions(orchestrator),
        tasks: [
          {
            name: 'overdue sagas',
            everyMs: SWEEP_EVERY_MS,
            run: async () => {
              await orchestrator.sweep(SWEEP_SAGAS);
            },
          },
        ],
      };
    },
  };
}

/** Counts, measures and tells orders whose saga has reached an end. */
function endedOrders(
  metrics: Metrics,
  logger: Logger,
): (status: SagaStatus, seconds: number, order: string) => void {
  const sagaEnded = endedSagaMetrics(metrics, createOrderSaga.name);
  const orderDecided = orderMetrics(metrics);
  return (status, seconds, order) => {
    sagaEnded(status);
    orderDecided(status, seconds);
    tellOrder(logger, { status, seconds, order });
  };
}

/** One line for each order, so that the log of a busy mall knows them all; the rest of their way is at `debug`. */
function tellOrder(
  logger: Logger,
  { status, seconds, order }: { status: SagaStatus; seconds: number; order: string },
): void {
  const facts = { order, ms: Math.round(seconds * 1_000) };
  if (status === 'completed') logger.info(facts, 'an order is approved');
  else if (status === 'compensated')
    logger.info(facts, 'an order is rejected, and all that was done is undone');
  else logger.warn(facts, 'an order cannot go on by itself: `mall saga show` tells why');
}

/** Measures what customers wait for: from an order's creation to its approval, or until all is undone again. */
function orderMetrics(metrics: Metrics): (status: SagaStatus, seconds: number) => void {
  const seconds = metrics.histogram({
    name: 'mall_order_seconds',
    help: "Time from an order's creation until it is approved, or rejected with all that was done undone",
    labels: ['outcome'],
    bucketsSeconds: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  });
  const outcomes: Partial<Record<SagaStatus, string>> = { completed: 'approved', compensated: 'rejected' };
  // Series that are there from the beginning: a rate needs the value before the first one.
  for (const outcome of Object.values(outcomes)) seconds.zero({ outcome });
  return (status, took) => {
    const outcome = outcomes[status];
    if (outcome !== undefined) seconds.observe({ outcome }, took);
  };
}
