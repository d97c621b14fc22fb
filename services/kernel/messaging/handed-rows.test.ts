import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type HandedRow, HandedRows } from './handed-rows.ts';
import type { OutboxRow } from './publish-rows.ts';

function rowAt(position: number, key = 'a'): OutboxRow {
  const id = String(position);
  const rest = { name: 'n', subject: 's', data: Buffer.alloc(0), metadata: {}, sent_at: new Date(0) };
  return { position, id, ordering_key: key, ...rest };
}

function handed(position: number, behind: readonly number[] = []): HandedRow {
  return { row: rowAt(position), behind };
}

const positions = (rows: readonly OutboxRow[]) => rows.map((row) => row.position);

test('nothing is given out before the outbox was read', () => {
  const rows = new HandedRows();
  rows.offer([handed(1)]);
  assert.deepEqual(rows.take(10), []);
  assert.equal(rows.mustAsk, true);
});

test('rows are given out in the order they were handed on, each once', () => {
  const rows = new HandedRows();
  rows.asked();
  rows.offer([handed(1), handed(2, [1])]);
  rows.offer([handed(3, [1, 2])]);
  assert.deepEqual(positions(rows.take(2)), [1, 2]);
  rows.published([1, 2]);
  assert.deepEqual(positions(rows.take(2)), [3]);
  assert.deepEqual(rows.take(2), []);
  assert.equal(rows.mustAsk, false);
});

test('a row behind one that nobody handed on waits until the outbox was read', () => {
  const rows = new HandedRows();
  rows.asked();
  rows.offer([handed(7, [6])]);
  assert.deepEqual(rows.take(10), []);
  assert.equal(rows.mustAsk, true);
});

test('a row that was read from the outbox meanwhile is not given out again', () => {
  const rows = new HandedRows();
  rows.offer([handed(1)]);
  rows.published([1]);
  rows.asked();
  assert.deepEqual(rows.take(10), []);
  assert.equal(rows.mustAsk, false);
});

test('a burst beyond all bounds is left to the outbox', () => {
  const rows = new HandedRows();
  rows.asked();
  rows.offer(Array.from({ length: 5_000 }, (_, index) => handed(index + 1)));
  assert.equal(rows.mustAsk, true);
});

/*
 * An outbox that two processes fill, and a relay in the first of them. Commits of the first are handed on in any
 * order and as late as they like; those of the second are told by a notification, or not at all.
 */
type Happening =
  | { readonly type: 'commit'; readonly key: string; readonly own: boolean }
  | { readonly type: 'hand on'; readonly which: number }
  | { readonly type: 'notified' }
  | { readonly type: 'marked' }
  | { readonly type: 'relay'; readonly fails: boolean; readonly limit: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: commitOf() },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('hand on' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('notified' as const, 'marked' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('relay' as const),
      fails: fc.boolean(),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

function commitOf() {
  return fc.record({
    type: fc.constant('commit' as const),
    key: fc.constantFrom('a', 'b'),
    own: fc.boolean(),
  });
}

class Model {
  readonly rows = new HandedRows();
  readonly outbox: { row: OutboxRow; published: boolean }[] = [];
  readonly unhanded: HandedRow[] = [];
  readonly broker: OutboxRow[] = [];
  #acknowledged: number[] = [];

  commit(key: string, own: boolean): void {
    const row = rowAt(this.outbox.length + 1, key);
    const behind = this.outbox
      .filter((each) => !each.published && each.row.ordering_key === key)
      .map((each) => each.row.position);
    this.outbox.push({ row, published: false });
    if (own) this.unhanded.push({ row, behind });
  }

  handOn(which: number): void {
    const [row] = this.unhanded.splice(which % Math.max(this.unhanded.length, 1), 1);
    if (row) this.rows.offer([row]);
  }

  relay({ fails, limit }: { fails: boolean; limit: number }): void {
    let batch = this.rows.take(limit);
    if (this.rows.mustAsk) {
      this.mark();
      batch = this.outbox
        .filter(({ published }) => !published)
        .slice(0, limit)
        .map(({ row }) => row);
      if (batch.length < limit) this.rows.asked();
    }
    const done = fails ? batch.slice(0, -1) : batch;
    this.broker.push(...done);
    this.rows.published(positions(done));
    this.#acknowledged.push(...positions(done));
    if (done.length < batch.length) this.rows.ask();
  }

  /** Rows stay unpublished in the outbox for a while after the broker has them. */
  mark(): void {
    for (const each of this.outbox) each.published ||= this.#acknowledged.includes(each.row.position);
    this.#acknowledged = [];
  }
}

test('whatever happens when, each key reaches the broker in the order of its commits, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const model = new Model();
      for (const each of happenings) {
        if (each.type === 'commit') model.commit(each.key, each.own);
        else if (each.type === 'hand on') model.handOn(each.which);
        else if (each.type === 'notified') model.rows.ask();
        else if (each.type === 'marked') model.mark();
        else model.relay(each);
      }
      model.rows.ask();
      model.relay({ fails: false, limit: 1_000 });
      for (const key of ['a', 'b']) {
        const arrived = positions(model.broker.filter((row) => row.ordering_key === key));
        const committed = model.outbox.filter(({ row }) => row.ordering_key === key);
        assert.deepEqual(arrived, positions(committed.map(({ row }) => row)));
      }
    }),
    { numRuns: 2_000 },
  );
});
