import { type Context, trace } from '@opentelemetry/api';
import { type Sampler, SamplingDecision, type SamplingResult } from '@opentelemetry/sdk-trace';

/** Decisions that are remembered, so that the calls of one trace from outside are recorded all or not at all. */
const REMEMBERED_TRACES = 2_000;

/**
 * Takes so many traces a second at most: all of them while people click, few under load, whose cost stays bounded.
 * What was not used is kept for one second.
 */
export class RateSampler implements Sampler {
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #decided = new Map<string, boolean>();
  #tokens: number;
  #filledAt: number;

  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#tokens = Math.max(perSecond, 1);
    this.#filledAt = now();
  }

  shouldSample(context: Context, traceId: string): SamplingResult {
    // Of a trace that begins here nobody asks again.
    const taken = trace.getSpanContext(context) === undefined ? this.#take() : this.#decisionOn(traceId);
    return { decision: taken ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
  }

  toString(): string {
    return `RateSampler{${this.#perSecond}/s}`;
  }

  #decisionOn(traceId: string): boolean {
    let taken = this.#decided.get(traceId);
    if (taken === undefined) {
      taken = this.#take();
      this.#decided.set(traceId, taken);
      const [oldest] = this.#decided.keys();
      if (this.#decided.size > REMEMBERED_TRACES && oldest !== undefined) this.#decided.delete(oldest);
    }
    return taken;
  }

  #take(): boolean {
    const now = this.#now();
    const filled = this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(filled, Math.max(this.#perSecond, 1));
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
