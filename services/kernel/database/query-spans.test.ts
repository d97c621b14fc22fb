import assert from 'node:assert/strict';
import { test } from 'node:test';
import { querySummary } from './query-spans.ts';
import { combine } from './write.ts';

test('a statement is summed up as what it does to which tables', () => {
  assert.equal(
    querySummary('SELECT a FROM s.orders WHERE id IN (SELECT id FROM s.items)'),
    'SELECT s.orders, SELECT s.items',
  );
  assert.equal(querySummary('DELETE FROM s.orders WHERE id = $1'), 'DELETE s.orders');
  assert.equal(querySummary('select 1'), 'SELECT');
});

test('a unit of work is summed up as its writes', () => {
  const { text } = combine('s', [
    { text: 'INSERT INTO s.inbox (id) VALUES ($1)', values: ['i'] },
    {
      text: 'UPDATE s.sagas SET step = $1 WHERE id = $2',
      values: [1, 's'],
      expect: { rows: 1, what: 'a saga' },
    },
    { text: 'INSERT INTO s.inbox (id) VALUES ($1)', values: ['j'] },
  ]);
  assert.equal(querySummary(text), 'INSERT s.inbox, UPDATE s.sagas');
});
