import type { FastifyInstance } from 'fastify';

/** Prometheus text, as far as the door cares. */
export interface MetricsText {
  readonly registry: { readonly contentType: string };
  /** Of one service alone, where it is the text of several. */
  text(service?: string): Promise<string>;
}

/** One thing the process needs to do its work, and whether it has it now. */
export interface ReadinessCheck {
  readonly name: string;
  /** Undefined: fine; else what is wrong, in a sentence. */
  check(): Promise<string | undefined>;
}

/** Whoever asks has little patience; what does not answer a question is not there for work either. */
const checkWithinMs = 1_500;

async function inTime(check: Promise<string | undefined>): Promise<string | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(`no answer within ${checkWithinMs} ms`), checkWithinMs);
  try {
    return await Promise.race([check, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Liveness: the process lives. Readiness: it can do its work at this moment. Metrics: Prometheus text. */
export function healthRoutes(
  app: FastifyInstance,
  options: { checks: readonly ReadinessCheck[]; metrics: MetricsText },
): void {
  app.get('/liveness', async (_request, reply) => reply.type('text/plain').send('.'));
  app.get('/readiness', async (_request, reply) => {
    const results = await Promise.all(
      options.checks.map(async ({ name, check }) => ({ name, problem: await inTime(check()) })),
    );
    const ready = results.every(({ problem }) => problem === undefined);
    const checks = Object.fromEntries(results.map(({ name, problem }) => [name, problem ?? 'ok']));
    return reply
      .code(ready ? 200 : 503)
      .type('application/json')
      .send(Buffer.from(JSON.stringify({ ready, checks })));
  });
  app.get<{ Querystring: { service?: string } }>('/metrics', async ({ query }, reply) =>
    reply.type(options.metrics.registry.contentType).send(await options.metrics.text(query.service)),
  );
}
