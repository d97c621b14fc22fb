import assert from 'node:assert/strict';
import { test } from 'node:test';
import { querySummary } from './query-spans.ts';
import { combine, insertion, write, writeStatement } from './write.ts';

test('a statement is summed up as what it does to which tables', () => {
  assert.equal(
    querySummary('SELECT a FROM s.orders WHERE id IN (SELECT id FROM s.items)'),
    'SELECT s.orders, SELECT s.items',
  );
  assert.equal(querySummary('DELETE FROM s.orders WHERE id = $1'), 'DELETE s.orders');
  assert.equal(querySummary('select 1'), 'SELECT');
});

test('a unit of work is summed up as its writes', () => {
  const inbox = insertion({ table: 's.inbox', columns: { id: 'text' }, key: ['id'], first: true });
  const sagas = writeStatement({
    ...{ table: 's.sagas', columns: { id: 'text' }, key: ['id'] },
    text: 'UPDATE s.sagas AS s SET step = 1 FROM {rows} WHERE s.id = r.id',
  });
  const { text } = combine('s', [
    write(inbox, { id: 'i' }),
    { ...write(sagas, { id: 's' }), expect: 'a saga' },
    write(inbox, { id: 'j' }),
  ]);
  assert.equal(querySummary(text), 'INSERT s.inbox, UPDATE s.sagas');
});
