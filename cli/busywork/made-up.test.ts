import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MadeUp, madeUp } from './made-up.ts';
import { toWire } from './money.ts';
import { randomOf } from './random.ts';
import { DEPARTMENTS, PRODUCT_ADJECTIVES, PRODUCT_MATERIALS, PRODUCTS } from './words.ts';

function samples<T>(make: (madeUp: MadeUp) => T, count = 3_000): T[] {
  const from = madeUp(randomOf([7]));
  return Array.from({ length: count }, () => make(from));
}

test('names have the shapes of the original', () => {
  for (const name of samples((from) => from.companyName())) assert.match(name, /^[^\s.]+ [^\s.]+$/);
  for (const name of samples((from) => from.userName())) assert.match(name, /^[^\s.]+\.[^\s.]+$/);
  for (const phrase of samples((from) => from.businessPhrase())) assert.match(phrase, /^\S+ \S+ \S+$/);
});

test('phone numbers keep to the bounds of each group', () => {
  const groups = samples((from) => from.phone().split('-').map(Number), 100_000);
  const bounds = [0, 1, 2].map((group) => {
    const numbers = groups.map((number) => number[group] ?? Number.NaN);
    return [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
  });
  assert.deepEqual(bounds, [
    [100, 998],
    [100, 998],
    [1_000, 9_998],
  ]);
});

test('prices are whole cents from $5.00 to $11.99', () => {
  const cents = samples((from) => toWire(from.price()) * 100, 50_000);
  for (const price of cents) assert.ok(Math.abs(price - Math.round(price)) < 1e-9, `${price} cents`);
  const rounded = cents.map(Math.round);
  assert.equal(
    rounded.reduce((a, b) => Math.min(a, b)),
    500,
  );
  assert.equal(
    rounded.reduce((a, b) => Math.max(a, b)),
    1_199,
  );
});

test('goods are called by the word lists, and every word is used', () => {
  const products = samples((from) => from.productName().split(' '));
  const used = (part: number) => new Set(products.map((words) => words[part]));
  assert.deepEqual(used(0), new Set(PRODUCT_ADJECTIVES));
  assert.deepEqual(used(1), new Set(PRODUCT_MATERIALS));
  assert.deepEqual(used(2), new Set(PRODUCTS));
  assert.deepEqual(new Set(samples((from) => from.department())), new Set(DEPARTMENTS));
  assert.deepEqual(new Set(samples((from) => from.productAdjective())), new Set(PRODUCT_ADJECTIVES));
  assert.deepEqual(
    [DEPARTMENTS, PRODUCT_ADJECTIVES, PRODUCT_MATERIALS, PRODUCTS].map((words) => words.length),
    [22, 24, 12, 24],
  );
});

test('the same generator makes up the same things', () => {
  const things = (seed: number) => {
    const from = madeUp(randomOf([seed]));
    return [from.companyName(), from.userName(), from.phone(), from.productName(), from.businessPhrase()];
  };
  assert.deepEqual(things(7), things(7));
  assert.notDeepEqual(things(7), things(8));
});
