import { type Logger, pino } from 'pino';

/** Parts of the kernel for whoever measures them apart from a running mall. */
export { Database, inUnitOfWork, migrate } from './kernel/database/index.ts';
export { EventSourced, SNAPSHOT_EVERY } from './kernel/eventstore/index.ts';
export { kernelMigrations, lifecycleLimits } from './kernel/lifecycle/index.ts';
export {
  Broker,
  messagingLimits,
  newId,
  Outbox,
  OutboxRelay,
  polledRelayLimits,
  publication,
} from './kernel/messaging/index.ts';
export { pageToken } from './kernel/rpc/index.ts';

/** For parts that log, where nobody reads. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}
