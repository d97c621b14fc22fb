import { Registry } from 'prom-client';
import { type Metrics, mergedMetrics } from '../telemetry/index.ts';
import { lifecycleLimits } from './limits.ts';

interface RemoteDoor {
  readonly name: string;
  readonly restUrl: string;
}

/** What another process lacks to do its work, as its own readiness tells it; undefined: nothing. */
export async function remoteReadiness(restUrl: string): Promise<string | undefined> {
  try {
    const answer = await get(`${restUrl}/readiness`);
    if (answer.ok) return undefined;
    return problemsIn(await answer.json()) ?? `it answers with status ${answer.status}`;
  } catch {
    return 'it does not answer';
  }
}

/** The metrics of several processes and of this one as one text, each series under the name of its service. */
export class FederatedMetrics {
  readonly registry = { contentType: Registry.PROMETHEUS_CONTENT_TYPE };
  readonly #own: Metrics;
  readonly #others: readonly RemoteDoor[];

  constructor(own: Metrics, others: readonly RemoteDoor[]) {
    this.#own = own;
    this.#others = others;
  }

  /** A process that does not answer is left out: its series are absent, which is how Prometheus tells it too. */
  async text(service?: string): Promise<string> {
    const wanted = (name: string) => service === undefined || name === service;
    const others = this.#others
      .filter(({ name }) => wanted(name))
      .map(async ({ name, restUrl }) => ({
        service: name,
        text: await get(`${restUrl}/metrics`).then(
          (answer) => (answer.ok ? answer.text() : ''),
          () => '',
        ),
      }));
    const own = wanted('gateway') ? [{ service: 'gateway', text: await this.#own.text() }] : [];
    return mergedMetrics([...own, ...(await Promise.all(others))]);
  }
}

function get(url: string): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(lifecycleLimits.remoteDoorMs) });
}

/** Reads `{"ready":false,"checks":{"broker":"the message broker is away"}}`. */
function problemsIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('checks' in body)) return undefined;
  const { checks } = body;
  if (typeof checks !== 'object' || checks === null) return undefined;
  const problems = Object.entries(checks).filter(([, told]) => told !== 'ok');
  return problems.map(([name, told]) => `${name}: ${told}`).join('; ') || undefined;
}
