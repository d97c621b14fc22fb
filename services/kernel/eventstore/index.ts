/** Aggregates on Postgres: event streams with snapshots, or one row with a version. */
export type { Aggregates, Reaction, Recorded, Versioned } from './aggregates.ts';
export { EventSourced, SNAPSHOT_EVERY } from './event-sourced.ts';
export { EventStore } from './event-store.ts';
export { StateStored, type StateTable } from './state-stored.ts';
export type { StreamCodec } from './stream-codec.ts';
export { VersionedRows } from './versioned-rows.ts';
