/**
 * A W3C trace (https://www.w3.org/TR/trace-context/): one per activity, so that all it caused hangs together.
 */
export interface Trace {
  readonly id: string;
  /** Whether the mall should record it. The frequent looks at an order are not worth recording. */
  readonly sampled: boolean;
}

/** Ids are never taken from the seed: two runs with one seed are still two sets of traces. */
export function newTrace(options: { sampled: boolean }): Trace {
  return { id: randomId(4), sampled: options.sampled };
}

/** The `traceparent` header of one call within the trace. */
export function traceparent(trace: Trace): string {
  return `00-${trace.id}-${randomId(2)}-${trace.sampled ? '01' : '00'}`;
}

/**
 * Hexadecimal digits of so many 32-bit words. `Math.random` is what OpenTelemetry draws its ids from too:
 * they have to be different, not secret. The last digit is never zero, since all zeros mean "no id" to every
 * receiver.
 */
function randomId(words: number): string {
  const digits = Array.from({ length: words }, () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  );
  return digits.join('').replace(/0$/, '1');
}
