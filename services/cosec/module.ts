import { Conflict } from '../kernel/domain/index.ts';
import { type ContextModule, kernelMigrations } from '../kernel/lifecycle/index.ts';
import { SagaOrchestrator } from '../kernel/saga/index.ts';
import { createOrderDataCodec, createOrderSaga } from './create-order-saga.ts';
import { cosecSubscriptions } from './messages.ts';

export { createOrderDataCodec, createOrderSaga } from './create-order-saga.ts';

/** How often overdue sagas are looked for, and how many are moved at once. */
const SWEEP_EVERY_MS = 1_000;
const SWEEP_SAGAS = 100;

/** The saga execution coordinator: brings each created order to approval, or undoes what was done for it. */
export const cosecModule: ContextModule = {
  name: 'cosec',
  migrations: [kernelMigrations.messaging, kernelMigrations.saga],
  // Two deliveries that begin the same saga at once: the loser looks again and finds it begun.
  constraints: { sagas_pkey: () => new Conflict('the saga was begun at the same time') },
  build: ({ database, outbox }) => {
    const orchestrator = new SagaOrchestrator({
      database,
      outbox,
      definition: createOrderSaga,
      codec: createOrderDataCodec,
    });
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
