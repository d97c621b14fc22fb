import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combine } from './write.ts';

test('writes are joined into one statement with their parameters renumbered', () => {
  const { text, values } = combine('s', [
    { text: 'INSERT INTO a (x, y) VALUES ($1, $2)', values: [1, 2] },
    { text: 'UPDATE b SET x = $2 WHERE id = $1', values: ['i', 3] },
  ]);
  assert.equal(
    text,
    'WITH w0 AS (INSERT INTO a (x, y) VALUES ($1, $2) RETURNING 1), ' +
      'w1 AS (UPDATE b SET x = $4 WHERE id = $3 RETURNING 1) ' +
      'SELECT (SELECT count(*) FROM w0), (SELECT count(*) FROM w1)',
  );
  assert.deepEqual(values, [1, 2, 'i', 3]);
});

test('an expected row count is checked in the statement itself', () => {
  const { text, values } = combine('s', [
    { text: 'DELETE FROM a WHERE id = $1', values: ['i'], expect: { rows: 1, what: 'a thing' } },
  ]);
  assert.match(text, /SELECT s\.expect_rows\(\(SELECT count\(\*\) FROM w0\), \$2::int, \$3::text\)$/);
  assert.deepEqual(values, ['i', 1, 'a thing']);
});

test('what a commit tells of a write is asked with its rows and its parameters', () => {
  const { text } = combine('s', [
    { text: 'DELETE FROM b WHERE id = $1', values: ['i'] },
    {
      text: 'INSERT INTO a (x) VALUES ($1)',
      values: [1],
      tell: { returning: 'x', scalars: { seen: 'SELECT sum(x) FROM {rows} WHERE x > $1' } },
    },
  ]);
  assert.match(text, /w1 AS \(INSERT INTO a \(x\) VALUES \(\$2\) RETURNING x\)/);
  assert.match(text, /\(SELECT sum\(x\) FROM w1 WHERE x > \$2\) AS seen$/);
});
