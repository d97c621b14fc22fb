/** The HTTP door: REST transcoded from the descriptors, documents, health, metrics. */
export { asyncApiDocument } from './asyncapi.ts';
export type { AsyncApiDocument } from './asyncapi-model.ts';
export { asyncApiPages } from './asyncapi-pages.ts';
export { gateway } from './gateway.ts';
export { healthRoutes, type MetricsText, type ReadinessCheck } from './health.ts';
export { openApiDocument, type RestContext, restContexts } from './openapi.ts';
export type { OpenApiDocument } from './openapi-model.ts';
export { requestMetrics } from './request-metrics.ts';
export { requestSpans } from './request-spans.ts';
export { type HttpLimits, httpLimits, httpServer } from './server.ts';
export { swaggerUi } from './swagger-ui.ts';
export { tracePages } from './trace-pages.ts';
