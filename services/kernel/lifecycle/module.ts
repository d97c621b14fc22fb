import type { Logger } from 'pino';
import type { ContextName } from '../../../proto/catalogue.ts';
import type { ConstraintMeanings, Database } from '../database/index.ts';
import type { Outbox, SubscribedGroup } from '../messaging/index.ts';
import type { RpcChannels, RpcService, ServiceHost } from '../rpc/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import type { StrictRules } from './strict.ts';

/** What the process lends a context to build itself from. */
export interface ContextKit {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly channels: RpcChannels;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly strict: StrictRules;
}

/** Work that repeats beside requests and messages, such as looking for overdue sagas. */
export interface BackgroundTask {
  readonly name: string;
  readonly everyMs: number;
  /** A round begins no sooner than this after the one before, though woken: what turns up meanwhile goes into it. */
  readonly gatherMs?: number;
  run(): Promise<void>;
  /** Handed, once at the start, what begins the next round without waiting for its time. */
  wakeBy?(wake: () => void): void;
}

/** What a context brings once it is built. */
export interface ContextParts {
  readonly services: readonly ((host: ServiceHost) => RpcService)[];
  readonly subscriptions: readonly SubscribedGroup[];
  readonly tasks?: readonly BackgroundTask[];
}

/** A context as the composition root knows it: the only thing its folder exports. */
export interface ContextModule {
  readonly name: ContextName;
  /** Folders of its migrations: those of the kernel's parts it uses, then its own. */
  readonly migrations: readonly URL[];
  readonly constraints?: ConstraintMeanings;
  /** Contexts whose gRPC services it calls. */
  readonly calls?: readonly ContextName[];
  build(kit: ContextKit): ContextParts;
}

/** Migrations of the kernel's parts, for contexts that use them. */
export const kernelMigrations = {
  messaging: new URL('../messaging/migrations/', import.meta.url),
  rpc: new URL('../rpc/migrations/', import.meta.url),
  eventstore: new URL('../eventstore/migrations/', import.meta.url),
  saga: new URL('../saga/migrations/', import.meta.url),
} as const;
