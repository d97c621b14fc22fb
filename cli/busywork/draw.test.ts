import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTIVITIES, type ActivityName, DRAWS, drawActivity } from './draw.ts';
import { type Random, randomOf } from './random.ts';

/** Draws with these fractions, one after the other. */
function fixed(...fractions: number[]): Random {
  const next = () => fractions.shift() ?? assert.fail('drawn too often');
  const below = (limit: number) => Math.floor(next() * limit);
  const pick: Random['pick'] = (choices) => choices[below(choices.length)] ?? assert.fail('nothing to pick');
  return { next, below, between: (lowest, highest) => lowest + below(highest - lowest + 1), pick };
}

/** The activity for each outcome of the two draws, as the specification of the original lists them. */
const EXPECTED: readonly (readonly [coin: number, draw: number, of: number, ActivityName])[] = [
  [0, 0, 4, 'browse'],
  [0, 1, 4, 'browse'],
  [0, 2, 4, 'browse'],
  [0, 3, 4, 'buy'],
  [1, 0, 10, 'register'],
  [1, 1, 10, 'set up a store'],
  [1, 2, 10, 'add inventory'],
  [1, 3, 10, 'rebrand a store'],
  [1, 4, 10, 'rebrand a product'],
  [1, 5, 10, 'register'],
  [1, 6, 10, 'register'],
  [1, 7, 10, 'register'],
  [1, 8, 10, 'add inventory'],
  [1, 9, 10, 'add inventory'],
];

test('each outcome of the two draws leads to its activity', () => {
  for (const [coin, draw, of, activity] of EXPECTED) {
    assert.equal(drawActivity(fixed(coin / 2, draw / of)), activity, `coin ${coin}, draw ${draw}`);
  }
  assert.equal(DRAWS.flat().length, EXPECTED.length, 'there are no other outcomes');
});

test('the draws add up to the shares of the specification', () => {
  const shares = Object.fromEntries(ACTIVITIES.map((activity) => [activity, 0]));
  for (const row of DRAWS) {
    for (const activity of row) shares[activity] = (shares[activity] ?? 0) + 100 / DRAWS.length / row.length;
  }
  for (const [activity, share] of Object.entries(shares)) shares[activity] = Number(share.toFixed(9));
  assert.deepEqual(shares, {
    browse: 37.5,
    buy: 12.5,
    register: 20,
    'set up a store': 5,
    'add inventory': 15,
    'rebrand a store': 5,
    'rebrand a product': 5,
    'buy and cancel': 0,
    'collect an order': 0,
    'pay an invoice': 0,
    'search orders': 0,
  });
});

test('many seeded draws come near the shares', () => {
  const random = randomOf([7]);
  const counts = new Map<ActivityName, number>();
  for (let draw = 0; draw < 100_000; draw += 1) {
    const activity = drawActivity(random);
    counts.set(activity, (counts.get(activity) ?? 0) + 1);
  }
  const share = (activity: ActivityName) => (counts.get(activity) ?? 0) / 1_000;
  assert.ok(Math.abs(share('browse') - 37.5) < 0.6, `browse ${share('browse')} %`);
  assert.ok(Math.abs(share('buy') - 12.5) < 0.6, `buy ${share('buy')} %`);
  assert.ok(Math.abs(share('rebrand a store') - 5) < 0.6, `rebrand a store ${share('rebrand a store')} %`);
});
