/** How contexts are put together, started and stopped in order. */
export { ContextRuntime } from './context-runtime.ts';
export { type GatewaySettings, type RemoteContext, startGateway } from './gateway-process.ts';
export { lifecycleLimits } from './limits.ts';
export { type MigrationSettings, migrateContexts } from './migrate-contexts.ts';
export {
  type BackgroundTask,
  type ContextKit,
  type ContextModule,
  type ContextParts,
  kernelMigrations,
} from './module.ts';
export { type ProcessSettings, startProcess } from './process.ts';
export type { RunningProcess } from './running-process.ts';
export { type StrictRule, type StrictRules, strictRules } from './strict.ts';
