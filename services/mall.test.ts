import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextNames } from '../proto/contexts.ts';
import { callersFirst, mallModules } from './mall.ts';

test('each context is named before those it calls, and none is left out', () => {
  const sorted = callersFirst();
  assert.deepEqual([...sorted].sort(), contextNames);
  for (const { name, calls = [] } of mallModules()) {
    for (const called of calls) assert.ok(sorted.indexOf(name) < sorted.indexOf(called), `${name} ${called}`);
  }
});
