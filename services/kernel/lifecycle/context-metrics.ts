import type { Database } from '../database/index.ts';
import type { Metrics } from '../telemetry/index.ts';

interface State {
  waiting: number;
  age: number;
  quarantined: number;
  dead: number;
}

/** Has a context's outbox, dead letters and connections shown at each scrape, as they are then. */
export function contextMetrics(metrics: Metrics, database: Database): void {
  const labels = ['service'];
  const service = database.schema;
  const gauges = {
    waiting: metrics.gauge({
      name: 'mall_outbox_messages',
      help: 'Committed messages that the broker does not have yet',
      labels,
    }),
    age: metrics.gauge({
      name: 'mall_outbox_oldest_seconds',
      help: 'How long the oldest of them has waited; 0 when there is none',
      labels,
    }),
    quarantined: metrics.gauge({
      name: 'mall_outbox_quarantined_messages',
      help: 'Messages that the broker can never take; those of the same aggregate wait behind them',
      labels,
    }),
    dead: metrics.gauge({
      name: 'mall_dead_letters',
      help: 'Parked messages that nobody has retried or dropped',
      labels,
    }),
  };
  metrics.beforeScrape(async () => {
    const state = await readState(database).catch(() => undefined);
    for (const name of ['waiting', 'age', 'quarantined', 'dead'] as const) {
      // What cannot be read is absent, as Prometheus wants it; an old value would be a lie.
      if (state === undefined) gauges[name].remove({ service });
      else gauges[name].set({ service }, state[name]);
    }
  });
  connectionMetrics(metrics, database);
}

function connectionMetrics(metrics: Metrics, database: Database): void {
  const connections = metrics.gauge({
    name: 'mall_database_connections',
    help: "Connections of a context's pool, and requests that wait for one",
    labels: ['service', 'state'],
  });
  metrics.beforeScrape(() => {
    const { total, idle, waiting } = database.connections;
    const states = { used: total - idle, idle, waiting };
    for (const [state, count] of Object.entries(states))
      connections.set({ service: database.schema, state }, count);
  });
}

function readState(database: Database): Promise<State | undefined> {
  const { schema } = database;
  return database.queryOne<{ [Name in keyof State]: number }>(
    `SELECT waiting, age, (SELECT count(*) FROM ${schema}.outbox WHERE quarantined_at IS NOT NULL) AS quarantined,
            (SELECT count(*) FROM ${schema}.dead_letters WHERE dropped_at IS NULL) AS dead
     FROM (SELECT count(*) AS waiting,
                  greatest(coalesce(extract(epoch FROM now() - min(sent_at)), 0), 0)::float8 AS age
           FROM ${schema}.outbox WHERE published_at IS NULL AND quarantined_at IS NULL) AS unpublished`,
    [],
  );
}
