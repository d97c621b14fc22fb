import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsOf, outOfReach, tagExpression } from './selection.ts';

test('where everything can be had nothing is left out', () => {
  const left = outOfReach({ inside: true, grpc: true, ownMalls: true });
  assert.deepEqual([left, tagExpression(undefined, left)], [[], '']);
});

test('where only the REST door is known, what needs more is left out and said', () => {
  const left = outOfReach({ inside: false, grpc: false, ownMalls: false });
  assert.equal(
    tagExpression('@a or @b', left),
    '(@a or @b) and not @grpc and not @inside and not @lab and not @strict and not @guarded and not @other-mode',
  );
  assert.equal(needsOf(left), 'the gRPC door or databases and broker or a mall of their own');
});
