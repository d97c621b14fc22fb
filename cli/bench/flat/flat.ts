import pg from 'pg';
import { freshDatabase } from '../../../containers/embedded/test-servers.ts';
import type { Conditions } from '../benchmark.ts';
import type { Values } from '../figures.ts';
import { ownServers } from '../own-servers.ts';
import { backlog } from './backlog.ts';
import type { FlatCase, FlatGround } from './case.ts';
import { costOf } from './cost.ts';
import { manyOrders, manyProducts } from './doors.ts';
import { largeStore, longStream } from './events.ts';
import type { FlatFigureId } from './flat-figures.ts';

const cases: readonly FlatCase[] = [longStream, largeStore, backlog, manyProducts, manyOrders];
/** Measured first with this share of the rows. */
const share = 1 / 100;
/** Rows of one statement: some seconds, so that a run that is called off ends soon. */
const filledAtOnce = 250_000;
/** Enough that a page of answers is full at the small size, too. */
const fewestRows = 2_000;

/** What calls cost on a hundredth of the rows and on all of them, in pages: their number must hardly grow. */
export async function flat({ home, scale, signal, step }: Conditions): Promise<Values> {
  // Filled without syncing: nothing here measures a write to disk.
  const servers = await ownServers(home, { fast: true, signal });
  try {
    const values: Values = {};
    for (const each of cases) {
      signal.throwIfAborted();
      const fresh = await freshDatabase(servers.postgresUrl);
      const client = new pg.Client({ connectionString: fresh.url });
      try {
        await client.connect();
        Object.assign(
          values,
          await measure(each, { servers, databaseUrl: fresh.url, client }, { scale, signal, step }),
        );
      } finally {
        await client.end();
        await fresh.drop();
      }
    }
    return values;
  } finally {
    await servers.remove();
  }
}

async function measure(
  each: FlatCase,
  ground: FlatGround,
  { scale, signal, step }: Pick<Conditions, 'scale' | 'signal' | 'step'>,
): Promise<Values> {
  const full = Math.max(fewestRows * 4, Math.round((each.size * scale.flatPercent) / 100));
  const sizes = [Math.max(fewestRows, Math.round(full * share)), full];
  await each.prepare(ground);
  // The vacuum's own reading would be counted among the calls'.
  for (const table of each.tables)
    await ground.client.query(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`);
  const pages = new Map<FlatFigureId, number[]>();
  let filled = 0;
  for (const size of sizes) {
    step(`measuring flat: ${each.name}, ${size.toLocaleString('en-US')}`);
    while (filled < size) {
      signal.throwIfAborted();
      const to = Math.min(filled + filledAtOnce, size);
      await each.fill(ground, { from: filled + 1, to });
      filled = to;
    }
    for (const table of each.tables) await ground.client.query(`VACUUM ANALYZE ${table}`);
    for (const call of each.calls(ground, size)) {
      const cost = await costOf(ground.client, call);
      pages.set(call.figure, [...(pages.get(call.figure) ?? []), cost.pages]);
      step(`measuring flat: ${call.figure}: ${cost.pages.toFixed(1)} pages, ${cost.ms.toFixed(1)} ms`);
    }
  }
  return Object.fromEntries([...pages].map(([figure, [few = 1, many = 1]]) => [figure, many / few]));
}
