import { setTimeout as pause } from 'node:timers/promises';
import type { Extras } from '../../containers/docker/extras/extras.ts';
import type { ScrapeTarget } from '../../containers/docker/extras/prometheus.ts';
import type { MallState } from '../malls/state.ts';

/** What a mall is watched with holds it up for this long; Grafana needs longer where it is new. */
const patienceMs = 2_000;

/**
 * The processes whose metrics are scraped: the mall, or each service on its own. The gateway, which tells those of all,
 * is asked for its own.
 */
export function scrapeTargets(restUrl: string, { services }: MallState): readonly ScrapeTarget[] {
  if (services === undefined) return [{ job: 'mall', url: restUrl }];
  return services.map(({ name, rest }) => ({
    job: name,
    url: rest,
    ...(name === 'gateway' && { service: name }),
  }));
}

/** Lets Prometheus know where the mall is, and gives the extras a moment to be ready with it. */
export async function watchMall(extras: Extras | undefined, targets: readonly ScrapeTarget[]): Promise<void> {
  if (extras === undefined) return;
  const enough = new AbortController();
  const patience = pause(patienceMs, undefined, { signal: enough.signal, ref: false }).catch(() => undefined);
  await Promise.race([Promise.all([extras.scrape(targets), extras.settled]), patience]);
  enough.abort();
}
