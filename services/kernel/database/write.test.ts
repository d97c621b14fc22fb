import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesColumn, combine, insertion, touchedRow, write, writeStatement } from './write.ts';

const add = insertion({ table: 's.a', columns: { id: 'text', x: 'int' }, key: ['id'] });
const change = writeStatement({
  table: 's.b',
  columns: { id: 'text' },
  key: ['id'],
  text: 'UPDATE s.b AS b SET x = 1 FROM {rows} WHERE b.id = r.id',
});

test('writes are joined into one statement, the rows of each kind as one document', () => {
  const { text, values } = combine('s', [
    write(add, { id: 'i', x: 1 }),
    write(change, { id: 'k' }),
    write(add, { id: 'j', x: 2 }),
  ]);
  assert.equal(
    text.replace(/\s+/g, ' '),
    'WITH w0 AS (INSERT INTO s.a (id, x) SELECT r.id, r.x FROM ' +
      'ROWS FROM (json_to_recordset($1::json) AS (id text, x int)) WITH ORDINALITY AS r(id, x, n) ' +
      'ORDER BY r.n RETURNING 1), ' +
      'w1 AS (UPDATE s.b AS b SET x = 1 FROM ' +
      'ROWS FROM (json_to_recordset($2::json) AS (id text)) WITH ORDINALITY AS r(id, n) ' +
      'WHERE b.id = r.id RETURNING 1) ' +
      'SELECT (SELECT count(*) FROM w0), (SELECT count(*) FROM w1)',
  );
  assert.deepEqual(values, ['[{"id":"i","x":1},{"id":"j","x":2}]', '[{"id":"k"}]']);
});

test('the text depends neither on the order of the writes nor on their number', () => {
  const { text } = combine('s', [write(add, { id: 'i', x: 1 }), write(change, { id: 'k' })]);
  const other = combine('s', [
    write(change, { id: 'k' }),
    write(change, { id: 'l' }),
    write(add, { id: 'i', x: 1 }),
  ]);
  assert.equal(other.text, text);
});

test('expected rows are checked in the statement itself, apart from those that need not be there', () => {
  const { text, values } = combine('s', [
    write(change, { id: 'i' }),
    { ...write(change, { id: 'j' }), expect: 'a thing' },
    { ...write(change, { id: 'k' }), expect: 'another' },
  ]);
  assert.match(
    text,
    /SELECT s\.expect_rows\(\(SELECT count\(\*\) FROM w0\), \$2::int, \$3::text\), \(SELECT/,
  );
  assert.deepEqual(values, ['[{"id":"j"},{"id":"k"}]', 2, 'a thing', '[{"id":"i"}]']);
});

test('what tells a repeat from another mistake goes first', () => {
  const inbox = insertion({ table: 's.z', columns: { id: 'text' }, key: ['id'], first: true });
  const { text } = combine('s', [write(add, { id: 'i', x: 1 }), write(inbox, { id: 'm' })]);
  assert.match(text, /^WITH w0 AS \(INSERT INTO s\.z /);
});

test('what a commit tells of a write is asked with the rows it wrote', () => {
  const told = insertion({
    ...{ table: 's.t', columns: { x: 'int' }, key: [] },
    tell: { returning: 'x', scalars: { seen: 'SELECT sum(x) FROM {written}' } },
  });
  const { text } = combine('s', [write(told, { x: 1 })]);
  assert.match(
    text,
    /RETURNING x\) SELECT \(SELECT count\(\*\) FROM w0\), \(SELECT sum\(x\) FROM w0\) AS seen$/,
  );
});

test('a row is known by its table and key, whatever is done with it', () => {
  const remove = writeStatement({
    ...{ table: 's.b', columns: { id: 'text' }, key: ['id'] },
    text: 'DELETE FROM s.b AS b USING {rows} WHERE b.id = r.id',
  });
  assert.equal(touchedRow(write(change, { id: 'k' })), touchedRow(write(remove, { id: 'k' })));
  assert.notEqual(touchedRow(write(change, { id: 'k' })), touchedRow(write(add, { id: 'k', x: 1 })));
  const logged = insertion({ table: 's.log', columns: { x: 'int' }, key: [] });
  assert.equal(touchedRow(write(logged, { x: 1 })), undefined);
});

test('bytes are written as Postgres reads them', () => {
  assert.equal(bytesColumn(new Uint8Array([0, 1, 255]).subarray(1)), '\\x01ff');
});
