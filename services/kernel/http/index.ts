/** The HTTP door: REST transcoded from the descriptors, documents, health, metrics. */
export { gateway } from './gateway.ts';
export { healthRoutes, type ReadinessCheck } from './health.ts';
export type { RestContext } from './openapi.ts';
export { type HttpLimits, httpLimits, httpServer } from './server.ts';
export { swaggerUi } from './swagger-ui.ts';
