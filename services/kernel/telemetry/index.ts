/** What can be seen of a running process. */
export { MessagingMetrics, Metrics } from './metrics.ts';
