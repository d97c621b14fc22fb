import type { Database } from '../database/index.ts';
import type { Metrics } from '../telemetry/index.ts';
import type { SagaStatus } from './walk.ts';

/** Those that have not come to their end: they move, or wait for a person. */
const unfinished: readonly SagaStatus[] = ['running', 'compensating', 'attention'];

/** Where a saga comes to rest. */
const ends: readonly SagaStatus[] = ['completed', 'compensated', 'attention'];

/** Has the unfinished sagas of a definition shown at each scrape: how many in which state, and the oldest's age. */
export function unfinishedSagaMetrics(metrics: Metrics, database: Database, saga: string): void {
  const labels = ['saga', 'state'];
  const count = metrics.gauge({
    name: 'mall_sagas',
    help: 'Sagas that have not ended, by state; attention: only a person can move it',
    labels,
  });
  const oldest = metrics.gauge({
    name: 'mall_saga_oldest_seconds',
    help: 'Age of the oldest saga in a state; 0 when there is none',
    labels,
  });
  metrics.beforeScrape(async () => {
    const rows = await database
      .query<{ status: SagaStatus; count: number; age: number }>(
        `SELECT status, count(*) AS count, extract(epoch FROM now() - min(started_at))::float8 AS age
         FROM ${database.schema}.sagas
         WHERE name = $1 AND status IN ('running', 'compensating', 'attention') GROUP BY status`,
        [saga],
      )
      .catch(() => undefined);
    for (const state of unfinished) {
      const row = rows?.find(({ status }) => status === state);
      for (const gauge of [count, oldest]) if (rows === undefined) gauge.remove({ saga, state });
      if (rows === undefined) continue;
      count.set({ saga, state }, row?.count ?? 0);
      oldest.set({ saga, state }, row?.age ?? 0);
    }
  });
}

/** Counts the sagas of a definition that come to an end. */
export function endedSagaMetrics(metrics: Metrics, saga: string): (status: SagaStatus) => void {
  const ended = metrics.labelledCounter({
    name: 'mall_sagas_ended_count',
    help: 'Sagas that came to an end, or to where only a person can move them',
    labels: ['saga', 'state'],
  });
  // There from the beginning: a rate needs the value before the first one.
  for (const state of ends) ended.inc({ saga, state }, 0);
  return (state) => ended.inc({ saga, state });
}
