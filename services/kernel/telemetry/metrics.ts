import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What reading the state of things may take at a scrape: Prometheus waits ten seconds for the whole answer. */
const READ_DEADLINE_MS = 2_000;

interface MetricOptions {
  readonly name: string;
  readonly help: string;
  /** Closed sets only, such as services, messages and states; never ids. */
  readonly labels?: readonly string[];
}

/** The metrics of one process. Names and labels of the original's are kept, so that its dashboards work. */
export class Metrics {
  readonly registry = new Registry();
  readonly #readers: (() => Promise<void> | void)[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }

  /** A counter that several services of this process share, told apart by its labels. */
  labelledCounter({ name, help, labels = [] }: MetricOptions): Counter {
    const known = this.registry.getSingleMetric(name);
    if (known instanceof Counter) return known;
    return new Counter({ name, help, labelNames: labels, registers: [this.registry] });
  }

  /** A gauge; several services of this process share one, told apart by its labels. */
  gauge({ name, help, labels = [] }: MetricOptions): Gauge {
    const known = this.registry.getSingleMetric(name);
    if (known instanceof Gauge) return known;
    return new Gauge({ name, help, labelNames: labels, registers: [this.registry] });
  }

  histogram({
    name,
    help,
    labels = [],
    bucketsSeconds,
  }: MetricOptions & { readonly bucketsSeconds: readonly number[] }): Histogram {
    const known = this.registry.getSingleMetric(name);
    if (known instanceof Histogram) return known;
    const buckets = [...bucketsSeconds];
    return new Histogram({ name, help, labelNames: labels, buckets, registers: [this.registry] });
  }

  /** Has the state of things read before each scrape. What cannot be read in time stays out of this answer. */
  beforeScrape(read: () => Promise<void> | void): void {
    this.#readers.push(read);
  }

  /** Prometheus text. */
  async text(): Promise<string> {
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, READ_DEADLINE_MS);
    const read = Promise.allSettled(this.#readers.map(async (each) => each()));
    await Promise.race([read, enough]);
    clearTimeout(timer);
    return this.registry.metrics();
  }
}
