/** Postgres: bounded pools, units of work committed in one round trip, migrations. */

export { Database, type DatabaseOptions } from './database.ts';
export type { Deadline } from './deadline.ts';
export { endSession } from './end-session.ts';
export { type ConstraintMeanings, DuplicateMessage, RepeatedRequest } from './failures.ts';
export type { Lookup } from './lookup.ts';
export { ensureMigrated, type MigrationSet, migrate } from './migrations.ts';
export { type RequestKey, rememberedRequest } from './request-key.ts';
export { type Batch, type Causation, inUnitOfWork, UnitOfWork } from './unit-of-work.ts';
export { VersionCache } from './version-cache.ts';
export {
  bytesColumn,
  type ColumnType,
  insertion,
  perSchema,
  type Told,
  type Write,
  type WriteColumns,
  type WriteStatement,
  write,
  writeStatement,
} from './write.ts';
