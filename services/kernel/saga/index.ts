/** Orchestrated sagas: steps as data, a pure walk over them, deadlines and resends. */
export { type SagaDefinition, type SagaLimits, type SagaStep, sagaLimits } from './definition.ts';
export { SagaOrchestrator } from './orchestrator.ts';
export { endedSagaMetrics, unfinishedSagaMetrics } from './saga-metrics.ts';
export type { SagaDataCodec } from './saga-table.ts';
export type { SagaStatus } from './walk.ts';
