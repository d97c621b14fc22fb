import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

const step = z.object({
  service: z.string(),
  name: z.string(),
  startMs: z.number(),
  durationMs: z.number(),
  error: z.string().optional(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
const hop = step.extend({
  spanId: z.string(),
  depth: z.number(),
  journey: z
    .object({
      createdMs: z.number(),
      sentMs: z.number().optional(),
      acknowledgedMs: z.number().optional(),
    })
    .optional(),
  saga: z.string().optional(),
  steps: z.array(step),
});
const trace = z.object({
  traceId: z.string(),
  title: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  orders: z.array(z.string()),
  services: z.array(z.string()),
  spans: z.number(),
  failed: z.boolean(),
  hops: z.array(hop),
});
const answer = z.object({ problem: z.string().optional(), traces: z.array(trace) });

export type Trace = z.output<typeof trace>;
export type Hop = z.output<typeof hop>;

const DEADLINE_MS = 10_000;

/**
 * The traces a mall has of an order, or the one of a trace id, the first one first.
 * @throws CliError (4) when the mall does not answer, (1) when it has none
 */
export async function tracesOf(restUrl: string, id: string): Promise<readonly Trace[]> {
  const { problem, traces } = await ask(`${restUrl}/traces/api/${encodeURIComponent(id)}`);
  if (problem !== undefined) {
    throw new CliError(`There is nothing to be read: ${problem}.`, {
      exitCode: exitCodes.environment,
      next: '`mall config` shows the settings tracing, otlpEndpoint and jaegerUrl',
    });
  }
  if (traces.length > 0) return traces;
  throw new CliError(`The mall has no trace of "${id}".`, {
    exitCode: exitCodes.checkFailed,
    next: 'it may be too old or not recorded: `mall up --tracing all` records every request; the recent ones are at /traces/',
  });
}

async function ask(url: string): Promise<z.output<typeof answer>> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
    return answer.parse(JSON.parse(await response.text()));
  } catch (error) {
    throw new CliError(`The mall does not answer at ${new URL(url).origin}.`, {
      exitCode: exitCodes.environment,
      cause: error instanceof TypeError ? (error.cause ?? error) : error,
      next: '`mall ps` shows what runs; --url names a mall elsewhere',
    });
  }
}
