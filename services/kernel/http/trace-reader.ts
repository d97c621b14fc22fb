import { z } from 'zod';
import { Unavailable } from '../domain/index.ts';

const tag = z.object({ key: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) });
const span = z.object({
  traceID: z.string(),
  spanID: z.string(),
  operationName: z.string(),
  references: z.array(z.object({ refType: z.string(), spanID: z.string() })),
  startTime: z.number(),
  duration: z.number(),
  tags: z.array(tag),
  logs: z.array(z.object({ timestamp: z.number(), fields: z.array(tag) })).nullable(),
  processID: z.string(),
});
const trace = z.object({
  traceID: z.string(),
  spans: z.array(span),
  processes: z.record(z.string(), z.object({ serviceName: z.string() })),
});
const traces = z.object({ data: z.array(trace).nullable() });
const names = z.object({ data: z.array(z.string()).nullable() });

/** A trace as Jaeger's query service answers it, as far as it is needed here. */
export type ReadTrace = z.output<typeof trace>;
export type ReadSpan = z.output<typeof span>;

export interface TraceSearch {
  readonly service: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** As Jaeger takes it: `100ms`. */
  readonly minDuration?: string;
  readonly limit: number;
}

const limits = {
  /** A person waits for it. */
  deadlineMs: 5_000,
  /** Traces in which an order is looked for, of each service. */
  tracesOfOrder: 50,
} as const;

/** Services that have the traces of an order; each is asked, since Jaeger looks for tags in one service at a time. */
const servicesOfOrders = ['cosec', 'ordering', 'baskets', 'depot', 'payments', 'search', 'notifications'];

/** Reads traces from whoever answers Jaeger's query API: Jaeger itself, or the mall's own store of recent traces. */
export class TraceReader {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address.replace(/\/$/, '');
  }

  async services(): Promise<readonly string[]> {
    return (await this.#ask('/api/services', names)).data ?? [];
  }

  async search({ service, tags = {}, minDuration, limit }: TraceSearch): Promise<readonly ReadTrace[]> {
    const query = new URLSearchParams({ service, limit: String(limit) });
    if (Object.keys(tags).length > 0) query.set('tags', JSON.stringify(tags));
    if (minDuration !== undefined) query.set('minDuration', minDuration);
    return (await this.#ask(`/api/traces?${query}`, traces)).data ?? [];
  }

  /** The trace with this id, or all traces about the order with this id, the first one first. */
  async find(id: string): Promise<readonly ReadTrace[]> {
    const byId = /^[\da-f]{16,32}$/i.test(id) ? await this.#byId(id) : [];
    return byId.length > 0 ? byId : this.#ofOrder(id);
  }

  async #byId(id: string): Promise<readonly ReadTrace[]> {
    return (await this.#ask(`/api/traces/${id}`, traces, { absent: 404 })).data ?? [];
  }

  async #ofOrder(order: string): Promise<readonly ReadTrace[]> {
    const known = new Set(await this.services());
    const found = await Promise.all(
      servicesOfOrders
        .filter((service) => known.has(service))
        .map((service) =>
          this.search({ service, tags: { 'mall.order.id': order }, limit: limits.tracesOfOrder }),
        ),
    );
    const distinct = new Map(found.flat().map((each) => [each.traceID, each]));
    return [...distinct.values()].sort((one, other) => beginningOf(one) - beginningOf(other));
  }

  /** @throws Unavailable when nobody answers, or somebody else */
  async #ask<Answer>(
    path: string,
    shape: z.ZodType<Answer>,
    { absent }: { absent?: number } = {},
  ): Promise<Answer> {
    try {
      const response = await fetch(`${this.#address}${path}`, {
        signal: AbortSignal.timeout(limits.deadlineMs),
      });
      const text = await response.text();
      if (response.status === absent) return shape.parse({ data: [] });
      if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
      return shape.parse(JSON.parse(text));
    } catch (error) {
      throw new Unavailable(`traces cannot be read from ${this.#address}`, { cause: error });
    }
  }
}

/** When a trace began, in microseconds. */
export function beginningOf({ spans }: ReadTrace): number {
  return spans.reduce((first, { startTime }) => Math.min(first, startTime), Number.POSITIVE_INFINITY);
}
