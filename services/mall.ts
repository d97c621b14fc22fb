import type { Logger } from 'pino';
import { type ContextName, contextNames } from '../proto/catalogue.ts';
import { basket, basketsModule, storedBasket } from './baskets/module.ts';
import { cosecModule } from './cosec/module.ts';
import { customersModule } from './customers/module.ts';
import { depotModule } from './depot/module.ts';
import {
  type ContextModule,
  type MigrationSettings,
  migrateContexts,
  type RemoteContext,
  type RunningProcess,
  type StrictRules,
  startGateway,
  startProcess,
} from './kernel/lifecycle/index.ts';
import { type MessagingLimits, polledRelayLimits } from './kernel/messaging/index.ts';
import type { TracingSettings } from './kernel/telemetry/index.ts';
import { notificationsModule } from './notifications/module.ts';
import { order, orderingModule, storedOrder } from './ordering/module.ts';
import { type DeclineRules, paymentsModule } from './payments/module.ts';
import { searchModule } from './search/module.ts';
import { product, store, storedProduct, storedStore, storesModule } from './stores/module.ts';

/** Every context of the mall: the one place that knows all nine. @throws BadRequest for rules that make no sense */
export function mallModules({
  decline = {},
  sagaDeadlineMs,
}: Pick<ContextsSettings, 'decline' | 'sagaDeadlineMs'> = {}): readonly ContextModule[] {
  const modules: Readonly<Record<ContextName, ContextModule>> = {
    baskets: basketsModule,
    cosec: cosecModule({ stepDeadlineMs: sagaDeadlineMs }),
    customers: customersModule,
    depot: depotModule,
    notifications: notificationsModule(),
    ordering: orderingModule,
    payments: paymentsModule({ decline }),
    search: searchModule,
    stores: storesModule,
  };
  return Object.values(modules);
}

/** What contexts need to know to run in this process; all of it resolved. */
export interface ContextsSettings {
  readonly contexts: readonly ContextName[];
  /** As the role that serves; one that may not make schemas waits until they are {@link migrateSchemas | migrated}. */
  readonly databaseUrl: (context: ContextName) => string;
  /** Where contexts in other processes listen, by logical name such as `STORES`. */
  readonly services?: Readonly<Record<string, string>>;
  readonly natsUrl: string;
  /** Name of the JetStream stream and first part of every subject. */
  readonly natsStream: string;
  /** Servers of a broker that is a cluster which keep the stream; one unless given. */
  readonly streamReplicas?: number;
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
  /** `polled`: outboxes are emptied as the original did it, for comparison; `woken` unless given. */
  readonly relay?: 'woken' | 'polled';
  /** How long messages and what is remembered of them are kept, and when they are tried again. */
  readonly messageTimes?: MessageTimes;
  /** How long a saga awaits the answer to a command before it sends it again; 30 s unless given. */
  readonly sagaDeadlineMs?: number;
  /** Who answers Jaeger's query API about this mall, for the pages at `/traces/`. */
  readonly tracesUrl?: string | undefined;
}

/** The bounds of messaging that a mall may set for itself. */
export type MessageTimes = Pick<
  MessagingLimits,
  'redeliveryDelaysMs' | 'outboxKeptMs' | 'inboxKeptMs' | 'idempotencyKeptMs'
>;

/** What a mall in one process needs to know. */
export interface MallSettings extends Omit<ContextsSettings, 'contexts' | 'databaseUrl' | 'services'> {
  readonly postgresUrl: string;
}

export interface RunningMall extends RunningProcess {
  readonly contexts: readonly string[];
}

/**
 * Starts all contexts in this process: migrations, broker, doors, then relays and consumers. Resolves when ready.
 * @param progress told each step as it begins
 * @throws MallError when the database or the broker cannot be used, or the system's error when a port is taken
 */
export function startMall(
  { postgresUrl, ...settings }: MallSettings,
  progress: (step: string) => void,
): Promise<RunningMall> {
  return startContexts({ ...settings, contexts: contextNames, databaseUrl: () => postgresUrl }, progress);
}

/** Starts some contexts in this process, as {@link startMall} does with all of them. */
export async function startContexts(
  {
    contexts,
    decline,
    sagaDeadlineMs,
    relay,
    messageTimes,
    streamReplicas = 1,
    ...settings
  }: ContextsSettings,
  progress: (step: string) => void,
): Promise<RunningMall> {
  const wanted = new Set<string>(contexts);
  const rules = { ...(decline && { decline }), ...(sagaDeadlineMs !== undefined && { sagaDeadlineMs }) };
  const modules = mallModules(rules).filter(({ name }) => wanted.has(name));
  const limits = { ...(relay === 'polled' && polledRelayLimits), ...messageTimes, streamReplicas };
  const running = await startProcess({ ...settings, limits, modules }, progress);
  return { ...running, contexts: modules.map((module) => module.name) };
}

/** Brings the schemas of contexts up to date as the roles that own them, for others to serve. */
export function migrateSchemas({
  contexts,
  ...settings
}: Omit<MigrationSettings, 'modules'> & { readonly contexts: readonly ContextName[] }): Promise<
  readonly string[]
> {
  const wanted = new Set<string>(contexts);
  return migrateContexts({ ...settings, modules: mallModules().filter(({ name }) => wanted.has(name)) });
}

/** The contexts that these ones call and that must be found in other processes. */
export function calledElsewhere(contexts: readonly ContextName[]): readonly ContextName[] {
  const here = new Set<string>(contexts);
  const called = mallModules()
    .filter(({ name }) => here.has(name))
    .flatMap(({ calls = [] }) => calls);
  return [...new Set(called)].filter((name) => !here.has(name));
}

/** All contexts, each before those whose gRPC services it calls. @throws Error where contexts call in a circle */
export function callersFirst(): readonly ContextName[] {
  const callers = new Map(mallModules().map(({ name, calls = [] }) => [name, calls]));
  const sorted: ContextName[] = [];
  while (callers.size > 0) {
    const called = new Set([...callers.values()].flat());
    const free = [...callers.keys()].filter((name) => !called.has(name));
    if (free.length === 0) throw new Error(`contexts call in a circle: ${[...callers.keys()].join(', ')}`);
    for (const name of free) callers.delete(name);
    sorted.push(...free);
  }
  return sorted;
}

export { createOrderDataCodec, createOrderSaga } from './cosec/module.ts';
export {
  type Decider,
  type Money,
  moneyFromDecimal,
  moneyToDecimal,
} from './kernel/domain/index.ts';
export type { StreamCodec } from './kernel/eventstore/index.ts';
export {
  CRASH_FILE_VARIABLE,
  CRASH_VARIABLE,
  type CrashPoint,
  crashPoints,
} from './kernel/faults/index.ts';
export { type StrictRule, type StrictRules, strictRules } from './kernel/lifecycle/index.ts';
export { messagingLimits } from './kernel/messaging/index.ts';
export { type Role, Tokens } from './kernel/rpc/index.ts';
export type { SagaDefinition, SagaStatus } from './kernel/saga/index.ts';
export { orderTotal } from './ordering/module.ts';
export * as workbench from './workbench.ts';
export type { DeclineRules, RemoteContext, TracingSettings };
export { startGateway };

/** What is kept as events: the rules and the documents of each aggregate, for whoever checks what is stored. */
export const eventSourced = {
  basket: { decider: basket, codec: storedBasket },
  order: { decider: order, codec: storedOrder },
  product: { decider: product, codec: storedProduct },
  store: { decider: store, codec: storedStore },
} as const;
