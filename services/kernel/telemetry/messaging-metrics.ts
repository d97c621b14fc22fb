import type { Counter, Histogram } from 'prom-client';
import type { Metrics } from './metrics.ts';

/** Buckets of the original's latency histogram, in seconds, with finer ones below for a faster mall. */
const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/**
 * Messages sent and received by one context; counted when they have taken effect, not before (row P-40). The
 * original's names begin with the context; ours have it as a label, so that one query reads all of them.
 */
export class MessagingMetrics {
  readonly #service: string;
  readonly #sent: Counter;
  readonly #received: Counter;
  readonly #latency: Histogram;
  readonly #outcomes: Counter;
  readonly #publishSeconds: Histogram;
  readonly #handleSeconds: Histogram;

  constructor(service: string, metrics: Metrics) {
    this.#service = service;
    this.#sent = metrics.labelledCounter({
      name: `${service}_sent_messages_count`,
      help: 'Messages the broker has acknowledged',
      labels: ['message'],
    });
    this.#received = metrics.labelledCounter({
      name: `${service}_received_messages_count`,
      help: 'Messages received, by whether their handling succeeded',
      labels: ['message', 'handled'],
    });
    this.#latency = metrics.histogram({
      name: `${service}_received_messages_latency_seconds`,
      help: 'Time to handle a message, with its transaction',
      labels: ['message', 'handled'],
      bucketsSeconds,
    });
    this.#outcomes = metrics.labelledCounter({
      name: 'mall_messages_taken_count',
      help: 'What became of received messages: handled, duplicate, ignored, retried, parked as a dead letter',
      labels: ['service', 'message', 'outcome'],
    });
    this.#publishSeconds = metrics.histogram({
      name: 'mall_publish_seconds',
      help: 'Time from the decision to send a message to its acknowledgement by the broker',
      labels: ['service'],
      bucketsSeconds,
    });
    this.#handleSeconds = metrics.histogram({
      name: 'mall_handle_seconds',
      help: 'Time to handle a message, with its transaction, whatever became of it',
      labels: ['service'],
      bucketsSeconds,
    });
  }

  published(message: string, waitedMs: number): void {
    this.#sent.inc({ message });
    this.#publishSeconds.observe({ service: this.#service }, waitedMs / 1000);
  }

  observed(message: string, outcome: string, seconds: number): void {
    const service = this.#service;
    this.#outcomes.inc({ service, message, outcome });
    if (outcome === 'ignored') return;
    const handled = String(outcome === 'handled' || outcome === 'duplicate');
    this.#received.inc({ message, handled });
    this.#latency.observe({ message, handled }, seconds);
    this.#handleSeconds.observe({ service }, seconds);
  }
}
