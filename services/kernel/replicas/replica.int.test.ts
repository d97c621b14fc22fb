import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { freshDatabase, testServers } from '../../../containers/embedded/test-servers.ts';
import {
  type Causation,
  Database,
  insertion,
  inUnitOfWork,
  migrate,
  type UnitOfWork,
  write,
} from '../database/index.ts';
import { NotFound, Unavailable } from '../domain/index.ts';
import { kernelMigrations } from '../lifecycle/index.ts';
import type { Incoming } from '../messaging/index.ts';
import { Replica } from './replica.ts';

/** What is copied of the owner's things. */
interface Thing {
  readonly name: string;
  readonly stock: number;
}

const causation: Causation = { causationId: 'cause', correlationId: 'story' };
const blank: Thing = { name: '', stock: 0 };

let servers: Awaited<ReturnType<typeof testServers>>;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let replica: Replica<Thing>;
/** What the owner answers, and what it was asked. */
let owner: (id: string) => Promise<{ fields: Thing; version: number }>;
let asked: string[];

before(async () => {
  servers = await testServers();
  fresh = await freshDatabase(servers.postgresUrl);
  await migrate(fresh.url, { schema: 'kernel_test', folders: [kernelMigrations.messaging] });
  database = new Database({
    url: fresh.url,
    schema: 'kernel_test',
    limits: { maxConnections: 8, connectTimeoutMs: 5_000, statementTimeoutMs: 5_000 },
  });
  await database.query(
    `CREATE TABLE kernel_test.things_cache
       (id text PRIMARY KEY, title text NOT NULL, stock numeric NOT NULL, version int NOT NULL,
        removed bool NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())`,
  );
});
after(async () => {
  await database?.close();
  await fresh?.drop();
  await servers?.stop();
});
beforeEach(async () => {
  await database.query('TRUNCATE kernel_test.things_cache');
  asked = [];
  owner = async () => {
    throw new NotFound('no such thing');
  };
  replica = new Replica<Thing>({
    database,
    table: 'things_cache',
    columns: { name: ['title', 'text'], stock: ['stock', 'numeric'] },
    read: (row) => ({ name: String(row.title), stock: Number(row.stock) }),
    write: ({ name, stock }) => ({ name, stock: stock.toFixed(2) }),
    fetch: (id) => {
      asked.push(id);
      return owner(id);
    },
  });
});

/** A message about the thing, as of this version of it; undefined: of a sender that tells none. */
function message(aggregateVersion: number | undefined): Incoming<unknown> {
  return { id: 'm', name: 'test', payload: {}, metadata: {}, occurredAt: new Date(), aggregateVersion };
}

const handling = (work: (unit: UnitOfWork) => Promise<void>) => inUnitOfWork(database, causation, work);
const added = (version: number | undefined, fields: Thing) =>
  handling((unit) => replica.added(unit, 't', fields, message(version)));
const renamed = (version: number | undefined, name: string) =>
  handling((unit) => replica.changed(unit, 't', (thing) => ({ ...thing, name }), message(version)));
const restocked = (version: number | undefined, by: number) =>
  handling((unit) =>
    replica.changed(unit, 't', (thing) => ({ ...thing, stock: thing.stock + by }), message(version)),
  );
const removed = (version: number | undefined) =>
  handling((unit) => replica.removed(unit, 't', blank, message(version)));

const row = () => replica.peek('t');
const find = () => replica.find('t', causation);

describe('a copy', () => {
  test('is made and kept current by messages in order, without asking the owner', async () => {
    await added(1, { name: 'one', stock: 1 });
    await renamed(2, 'two');
    await restocked(3, 0.5);
    assert.deepEqual(await row(), { fields: { name: 'two', stock: 1.5 }, version: 3, removed: false });
    assert.deepEqual(await find(), { name: 'two', stock: 1.5 });
    assert.deepEqual(asked, []);
  });
  test('row X10: does not go back to an older version, nor take the same one twice', async () => {
    await added(1, { name: 'one', stock: 1 });
    await restocked(2, 1);
    await restocked(2, 1);
    await renamed(1, 'old');
    await added(1, { name: 'again', stock: 9 });
    assert.deepEqual(await row(), { fields: { name: 'one', stock: 2 }, version: 2, removed: false });
    assert.deepEqual(asked, []);
  });
});

describe('a copy that is missing', () => {
  test('is fetched from the owner, once', async () => {
    owner = async () => ({ fields: { name: 'fetched', stock: 3 }, version: 7 });
    assert.deepEqual(await find(), { name: 'fetched', stock: 3 });
    assert.deepEqual(await find(), { name: 'fetched', stock: 3 });
    assert.deepEqual(asked, ['t']);
    assert.equal((await row())?.version, 7);
  });
  test('and that the owner has not either is not found, and not remembered as missing', async () => {
    await assert.rejects(find(), NotFound);
    await assert.rejects(find(), NotFound);
    assert.deepEqual(asked, ['t', 't']);
    assert.equal(await row(), undefined);
  });
  test('while the owner is away is told so', async () => {
    owner = async () => {
      throw new Unavailable('not now');
    };
    await assert.rejects(find(), Unavailable);
  });
  test('row B8: fetched with what a message under way tells, it does not take that message again', async () => {
    owner = async () => ({ fields: { name: 'one', stock: 2 }, version: 2 });
    await find();
    await restocked(2, 1);
    assert.equal((await row())?.fields.stock, 2);
  });
  test('and is fetched while a newer message comes in ends as the message tells', async () => {
    const late = Promise.withResolvers<{ fields: Thing; version: number }>();
    owner = () => late.promise;
    const finding = find();
    owner = async () => ({ fields: { name: 'newer', stock: 2 }, version: 2 });
    await renamed(2, 'newer');
    late.resolve({ fields: { name: 'older', stock: 1 }, version: 1 });
    await finding;
    assert.deepEqual(await row(), { fields: { name: 'newer', stock: 2 }, version: 2, removed: false });
  });
});

describe('row X10: a message that finds a gap below it', () => {
  test('has the copy fetched anew', async () => {
    await added(1, { name: 'one', stock: 1 });
    owner = async () => ({ fields: { name: 'four', stock: 4 }, version: 4 });
    await renamed(3, 'three');
    assert.deepEqual(await row(), { fields: { name: 'four', stock: 4 }, version: 4, removed: false });
    await restocked(2, 1);
    await renamed(4, 'four');
    assert.deepEqual(asked, ['t']);
    assert.deepEqual(await row(), { fields: { name: 'four', stock: 4 }, version: 4, removed: false });
  });
  test('has a copy made that was missing', async () => {
    owner = async () => ({ fields: { name: 'two', stock: 4 }, version: 2 });
    await renamed(2, 'two');
    assert.deepEqual(await row(), { fields: { name: 'two', stock: 4 }, version: 2, removed: false });
  });
  test('of a thing the owner has removed since leaves it as removed', async () => {
    await added(1, { name: 'one', stock: 1 });
    await renamed(3, 'three');
    assert.deepEqual(await row(), { fields: { name: 'one', stock: 1 }, version: 3, removed: true });
  });
  test('of a thing nobody knows any more leaves nothing', async () => {
    await renamed(2, 'two');
    assert.equal(await row(), undefined);
  });
  test('while the owner is away fails, so that it comes again', async () => {
    await added(1, { name: 'one', stock: 1 });
    owner = async () => {
      throw new Unavailable('not now');
    };
    await assert.rejects(renamed(3, 'three'), Unavailable);
    assert.equal((await row())?.version, 1);
  });
});

describe('row X10: what the owner has removed', () => {
  test('is not found, without asking, and still known as it was', async () => {
    await added(1, { name: 'one', stock: 1 });
    await removed(2);
    await assert.rejects(find(), NotFound);
    assert.deepEqual(await row(), { fields: { name: 'one', stock: 1 }, version: 2, removed: true });
    assert.deepEqual(asked, []);
  });
  test('stays removed when the message of its making or of a change comes late', async () => {
    await removed(3);
    await added(1, { name: 'one', stock: 1 });
    await renamed(2, 'two');
    assert.deepEqual(await row(), { fields: blank, version: 3, removed: true });
    assert.deepEqual(asked, []);
  });
  test('is told among others', async () => {
    await added(1, { name: 'one', stock: 1 });
    await handling((unit) => replica.removed(unit, 'gone', blank, message(2)));
    assert.deepEqual(await replica.removedAmong(['t', 'gone', 'unknown']), new Set(['gone']));
    assert.deepEqual(await replica.removedAmong([]), new Set());
  });
});

describe('a sender that tells no versions', () => {
  test('is believed, one message after the other', async () => {
    await added(undefined, { name: 'one', stock: 1 });
    await restocked(undefined, 2);
    await renamed(undefined, 'two');
    assert.deepEqual(await row(), { fields: { name: 'two', stock: 3 }, version: 3, removed: false });
    await removed(undefined);
    assert.equal((await row())?.removed, true);
    await added(undefined, { name: 'one', stock: 1 });
    await restocked(undefined, 1);
    assert.equal((await row())?.removed, true);
  });
  test('loses none of its changes that are handled at once', async () => {
    await added(undefined, { name: 'one', stock: 0 });
    await Promise.all([restocked(undefined, 1), restocked(undefined, 10), restocked(undefined, 100)]);
    assert.equal((await row())?.fields.stock, 111);
  });
  test('does not lose a removal to a change that is handled at once', async () => {
    for (let round = 0; round < 5; round++) {
      await database.query('TRUNCATE kernel_test.things_cache');
      await added(undefined, { name: 'one', stock: 0 });
      await Promise.all([restocked(undefined, 1), removed(undefined)]);
      assert.equal((await row())?.removed, true);
    }
  });
});

test('a change takes effect with the rest of its unit of work or not at all', async () => {
  await added(1, { name: 'one', stock: 1 });
  const failing = handling(async (unit) => {
    await replica.changed(unit, 't', (thing) => ({ ...thing, name: 'two' }), message(2));
    const refused = insertion({
      table: 'kernel_test.inbox',
      columns: { consumer: 'text', id: 'text', name: 'text' },
      key: ['consumer', 'id'],
    });
    unit.add(write(refused, { consumer: 'x', id: 'x', name: null }));
  });
  await assert.rejects(failing);
  assert.equal((await row())?.fields.name, 'one');
});
