import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Buckets of the original's latency histogram, in seconds, with finer ones below for a faster mall. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** The metrics of one process. Names and labels of the original's are kept, so that its dashboards work. */
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }

  /** A value read at each scrape. */
  gauge(name: string, help: string, labels: Readonly<Record<string, string>>, read: () => number): void {
    const known = this.registry.getSingleMetric(name);
    const gauge =
      known instanceof Gauge
        ? known
        : new Gauge({ name, help, labelNames: Object.keys(labels), registers: [this.registry] });
    this.#collected.push(() => gauge.set(labels, read()));
  }

  readonly #collected: (() => void)[] = [];

  /** Prometheus text. */
  async text(): Promise<string> {
    for (const collect of this.#collected) collect();
    return this.registry.metrics();
  }

  /** The messaging metrics of one context. */
  messaging(context: string): MessagingMetrics {
    return new MessagingMetrics(context, this.registry);
  }
}

/** Messages sent and received by one context; counted when they have taken effect, not before (row P-40). */
export class MessagingMetrics {
  readonly #sent: Counter<'message'>;
  readonly #received: Counter<'message' | 'handled'>;
  readonly #latency: Histogram<'message' | 'handled'>;
  readonly #outcomes: Counter<'message' | 'outcome'>;
  readonly #publishSeconds: Histogram;

  constructor(context: string, registry: Registry) {
    const registers = [registry];
    this.#sent = new Counter({
      name: `${context}_sent_messages_count`,
      help: 'Messages the broker has acknowledged',
      labelNames: ['message'],
      registers,
    });
    this.#received = new Counter({
      name: `${context}_received_messages_count`,
      help: 'Messages received, by whether their handling succeeded',
      labelNames: ['message', 'handled'],
      registers,
    });
    this.#latency = new Histogram({
      name: `${context}_received_messages_latency_seconds`,
      help: 'Time to handle a message, with its transaction',
      labelNames: ['message', 'handled'],
      buckets: LATENCY_BUCKETS,
      registers,
    });
    this.#outcomes = new Counter({
      name: `${context}_message_outcomes_count`,
      help: 'What became of received messages: handled, duplicate, ignored, retried, parked',
      labelNames: ['message', 'outcome'],
      registers,
    });
    this.#publishSeconds = new Histogram({
      name: `${context}_outbox_publish_seconds`,
      help: 'Time from the decision to the acknowledgement by the broker',
      buckets: LATENCY_BUCKETS,
      registers,
    });
  }

  published(message: string, waitedMs: number): void {
    this.#sent.inc({ message });
    this.#publishSeconds.observe(waitedMs / 1000);
  }

  observed(message: string, outcome: string, seconds: number): void {
    this.#outcomes.inc({ message, outcome });
    if (outcome === 'ignored') return;
    const handled = String(outcome === 'handled' || outcome === 'duplicate');
    this.#received.inc({ message, handled });
    this.#latency.observe({ message, handled }, seconds);
  }
}
