import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pauseMs, restAfterTroubleMs, restMs } from './pace.ts';
import { randomOf } from './random.ts';

const random = randomOf([7]);
const range = (draw: () => number) => {
  const drawn = Array.from({ length: 20_000 }, draw);
  return [drawn.reduce((a, b) => Math.min(a, b)), drawn.reduce((a, b) => Math.max(a, b))] as const;
};

test('a pause takes 0.5 to 2 s, a rest 8 to 11 s', () => {
  const [shortest, longest] = range(() => pauseMs('human', random));
  assert.ok(shortest >= 500 && shortest < 502 && longest > 1_998 && longest < 2_000);
  const [least, most] = range(() => restMs('human', random));
  assert.ok(least >= 8_000 && least < 8_003 && most > 10_997 && most < 11_000);
});

test('without a pace nobody waits, but the draws are made all the same', () => {
  const [human, hasty] = [randomOf([8]), randomOf([8])];
  pauseMs('human', human);
  assert.equal(pauseMs('none', hasty), 0);
  assert.equal(restMs('none', hasty), 0);
  restMs('human', human);
  assert.equal(human.next(), hasty.next());
});

test('after trouble there is always a rest', () => {
  assert.equal(restAfterTroubleMs(0), 250);
  assert.equal(restAfterTroubleMs(9_000), 9_000);
});
