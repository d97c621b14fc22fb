import type { Logger } from 'pino';
import { basket, basketsModule, storedBasket } from './baskets/module.ts';
import { cosecModule } from './cosec/module.ts';
import { customersModule } from './customers/module.ts';
import { depotModule } from './depot/module.ts';
import {
  type ContextModule,
  type RunningProcess,
  type StrictRules,
  startProcess,
} from './kernel/lifecycle/index.ts';
import type { TracingSettings } from './kernel/telemetry/index.ts';
import { notificationsModule } from './notifications/module.ts';
import { order, orderingModule, storedOrder } from './ordering/module.ts';
import { type DeclineRules, paymentsModule } from './payments/module.ts';
import { searchModule } from './search/module.ts';
import { product, store, storedProduct, storedStore, storesModule } from './stores/module.ts';

/** Every context of the mall: the one place that knows all nine. @throws BadRequest for rules that make no sense */
export function mallModules({ decline = {} }: { decline?: DeclineRules } = {}): readonly ContextModule[] {
  return [
    basketsModule,
    cosecModule,
    customersModule,
    depotModule,
    notificationsModule(),
    orderingModule,
    paymentsModule({ decline }),
    searchModule,
    storesModule,
  ];
}

/** What a mall in one process needs to know; all of it resolved, nothing optional. */
export interface MallSettings {
  readonly name: string;
  readonly postgresUrl: string;
  readonly natsUrl: string;
  /** Name of the JetStream stream and first part of every subject. */
  readonly natsStream: string;
  /** Where both doors listen. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly restPort: number;
  /** 0 takes a free port. */
  readonly grpcPort: number;
  readonly logger: Logger;
  /** Rules that refuse more than the original did; none unless given. */
  readonly strict?: StrictRules;
  /** Which payments the local provider declines; none unless given. */
  readonly decline?: DeclineRules;
  /** Switches authentication on: the secret that tokens are signed with. */
  readonly authSecret?: string | undefined;
  /** Which traces are recorded and where they go; off unless given. */
  readonly tracing?: TracingSettings | undefined;
}

export interface RunningMall extends RunningProcess {
  readonly contexts: readonly string[];
}

/**
 * Starts all contexts in this process: migrations, broker, doors, then relays and consumers. Resolves when ready.
 * @param progress told each step as it begins
 * @throws MallError when the database or the broker cannot be used, or the system's error when a port is taken
 */
export async function startMall(
  settings: MallSettings,
  progress: (step: string) => void,
): Promise<RunningMall> {
  const { postgresUrl, decline, ...rest } = settings;
  const modules = mallModules({ ...(decline && { decline }) });
  const running = await startProcess({ ...rest, modules, databaseUrl: () => postgresUrl }, progress);
  return { ...running, contexts: modules.map((module) => module.name) };
}

export { createOrderDataCodec, createOrderSaga } from './cosec/module.ts';
export {
  type Decider,
  type Money,
  moneyFromDecimal,
  moneyToDecimal,
} from './kernel/domain/index.ts';
export type { StreamCodec } from './kernel/eventstore/index.ts';
export { type StrictRule, type StrictRules, strictRules } from './kernel/lifecycle/index.ts';
export { messagingLimits } from './kernel/messaging/index.ts';
export { type Role, Tokens } from './kernel/rpc/index.ts';
export type { SagaDefinition, SagaStatus } from './kernel/saga/index.ts';
export { orderTotal } from './ordering/module.ts';
export type { DeclineRules };

/** What is kept as events: the rules and the documents of each aggregate, for whoever checks what is stored. */
export const eventSourced = {
  basket: { decider: basket, codec: storedBasket },
  order: { decider: order, codec: storedOrder },
  product: { decider: product, codec: storedProduct },
  store: { decider: store, codec: storedStore },
} as const;
