import { isDeepStrictEqual } from 'node:util';
import { eventSourced, moneyToDecimal } from '../../services/mall.ts';
import type { Check } from './check.ts';
import type { Findings, Rule } from './findings.ts';
import { byStream, type EventRow, type Folded, replayOf } from './replay.ts';
import type { Snapshot } from './snapshot.ts';

const readModels: Rule = {
  id: 'read-models-fresh',
  title: 'read models equal their events',
  promise: 'The lists of stores and products are the fold of the events of each.',
  whenQuiet: false,
};

/** A row of a read model as it lies there, or as the events say it must be. */
type Columns = Readonly<Record<string, unknown>>;
type ModelRow = { id: string; columns: Columns };

interface ReadModel {
  readonly table: string;
  readonly streamName: string;
  /** A JSON object of the row's columns, money as text. */
  readonly columns: string;
  /** The row that a stream's events come to; undefined where they leave none. */
  readonly expected: (id: string, events: readonly EventRow[]) => Folded<Columns | undefined>;
}

const product = replayOf(eventSourced.product);
const store = replayOf(eventSourced.store);

const models: readonly ReadModel[] = [
  {
    table: 'stores.stores',
    streamName: store.streamName,
    columns: `jsonb_build_object('name', name, 'location', location, 'participating', participating,
                'version', version)`,
    expected: (id, events) =>
      mapped(store.fold(id, events), ({ name, location, participating }, version) => ({
        name,
        location,
        participating,
        version,
      })),
  },
  {
    table: 'stores.products',
    streamName: product.streamName,
    columns: `jsonb_build_object('storeId', store_id, 'name', name, 'description', description, 'sku', sku,
                'price', price::text, 'version', version)`,
    expected: (id, events) =>
      mapped(product.fold(id, events), ({ removed, storeId, name, description, sku, price }, version) =>
        removed ? undefined : { storeId, name, description, sku, price: moneyToDecimal(price), version },
      ),
  },
];

function mapped<State, Result>(
  folded: Folded<State>,
  map: (state: State, version: number) => Result,
): Folded<Result> {
  return 'unreadable' in folded ? folded : { ...folded, state: map(folded.state, folded.version) };
}

/** Every stream folded from its first event, compared with its row; then the rows that have no stream. */
export const readModelCheck: Check = {
  rules: [readModels],
  async run({ snapshots }, findings) {
    const snapshot = snapshots.of('stores');
    for (const model of models) {
      const events = snapshot.pages<EventRow>(
        `SELECT stream_id, stream_version, event_name, event_data FROM stores.events
         WHERE stream_name = $1 ORDER BY stream_id, stream_version`,
        [model.streamName],
      );
      for await (const streams of byStream(events)) await compare(model, streams, snapshot, findings);
      await findRootless(model, snapshot, findings);
    }
  },
};

async function compare(
  { table, columns, expected }: ReadModel,
  streams: readonly (readonly [string, readonly EventRow[]])[],
  snapshot: Snapshot,
  findings: Findings,
): Promise<void> {
  findings.checked(readModels, streams.length);
  const rows = await snapshot.rows<ModelRow>(
    `SELECT id, ${columns} AS columns FROM ${table} WHERE id = ANY ($1)`,
    [streams.map(([id]) => id)],
  );
  const found = new Map(rows.map((row) => [row.id, row.columns]));
  for (const [id, events] of streams) {
    const wanted = expected(id, events);
    const says =
      'unreadable' in wanted
        ? `cannot be folded: ${wanted.unreadable}`
        : difference(found.get(id), wanted.state);
    if (says !== undefined) findings.found(readModels, [id], `${table}: ${says}`);
  }
}

function difference(row: Columns | undefined, wanted: Columns | undefined): string | undefined {
  if (row === undefined || wanted === undefined) {
    if (row === wanted) return undefined;
    return row === undefined ? 'the row is missing' : 'the row is of something removed';
  }
  const names = Object.keys(wanted).filter((name) => !isDeepStrictEqual(row[name], wanted[name]));
  if (names.length === 0) return undefined;
  const told = names.map((name) => `${name} is ${row[name]}, its events say ${wanted[name]}`);
  return told.join('; ');
}

async function findRootless({ table, streamName }: ReadModel, snapshot: Snapshot, findings: Findings) {
  const rootless = snapshot.pages<{ id: string }>(
    `SELECT id FROM ${table} t WHERE NOT EXISTS (
       SELECT 1 FROM stores.events WHERE stream_id = t.id AND stream_name = $1)`,
    [streamName],
  );
  for await (const page of rootless) {
    for (const { id } of page) findings.found(readModels, [id], `${table}: the row has no events`);
  }
}
