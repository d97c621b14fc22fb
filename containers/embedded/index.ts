/** Postgres and NATS as real servers on loopback ports, without Docker. */
export { entrustProcess } from './abandoned-process.ts';
export { entrustServers } from './abandoned-servers.ts';
export { type Entrusted, entrust } from './caretaker.ts';
export * from './infrastructure-error.ts';
export { type NatsOptions, startNats, stopNatsLeftover } from './nats.ts';
export { natsBinary } from './nats-binary.ts';
export * from './place.ts';
export * from './ports.ts';
export { connected, type PostgresOptions, startPostgres } from './postgres.ts';
export { postgresBinaries } from './postgres-binaries.ts';
export { stopPostgresLeftover } from './postgres-leftover.ts';
export { postgresSettings } from './postgres-settings.ts';
export * from './processes.ts';
export { programBeside } from './program-beside.ts';
export type { RunningServer } from './running-server.ts';
export { openLog } from './server-process.ts';
