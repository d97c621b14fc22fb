import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns } from './table.ts';
import { hanging, wrapText } from './wrap.ts';

const head = ['NAME', 'PHASE', 'PID', 'REASON'];
const rows = [
  ['mall', 'ready', '4711', 'it is as it should be, and has been for as long as anybody can remember'],
  ['second', 'killed', '4712', ''],
];

function widest(text: string): number {
  return Math.max(...text.split('\n').map(({ length }) => length));
}

test('where nobody watches a table keeps its form', () => {
  const text = columns(rows, head, { width: undefined, spare: ['PID'], wrap: 3 });
  assert.equal(text, columns(rows, head));
  assert.equal(text.split('\n').length, 3);
});

test('what can be done without goes first, then a column takes several lines', () => {
  const text = columns(rows, head, { width: 40, spare: ['PID'], wrap: 3 });
  assert.deepEqual(text.split('\n'), [
    'NAME    PHASE   REASON',
    'mall    ready   it is as it should be,',
    '                and has been for as long',
    '                as anybody can remember',
    'second  killed',
  ]);
});

test('no column goes as long as there is room', () => {
  const text = columns(rows, head, { width: 60, spare: ['PID'], wrap: 3 });
  assert.match(text, /PID/);
  assert.ok(widest(text) <= 60, text);
});

test('colours take no room', () => {
  const painted = [['mall', '\u001b[32mready\u001b[39m', '1', '']];
  assert.match(columns(painted, head, { width: 28, spare: ['PID'] }), /PID/);
});

test('a word that is longer than a line takes several, and nothing is lost', () => {
  assert.deepEqual(wrapText('at http://127.0.0.1:8080/ or so', 12), [
    'at',
    'http://127.0',
    '.0.1:8080/',
    'or so',
  ]);
  assert.equal(hanging('fix: ', 'a b', { column: 5, width: undefined }), 'fix: a b');
  assert.equal(
    hanging('fix: ', 'aaaaaaaaaaaa bbbbbbbb', { column: 5, width: 22 }),
    'fix: aaaaaaaaaaaa\n     bbbbbbbb',
  );
});
