import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BusyworkUsageError } from './errors.ts';
import { type BusyworkFlags, readFlags } from './options.ts';

const read = (flags: BusyworkFlags) => readFlags(flags, () => 42);

test('a rate is a load of one stage, for as long as the run', () => {
  assert.deepEqual(read({ rate: '20', duration: '1m' }).load, {
    stages: [{ durationMs: 60_000, from: 20, to: 20 }],
    maxShoppers: 5_000,
  });
  assert.equal(read({ rate: '0.5/s' }).load?.stages[0]?.durationMs, Number.POSITIVE_INFINITY);
  assert.equal(read({ rate: '0.5/s' }).durationMs, null);
});

test('each stage ramps from the rate before it; together they are the duration', () => {
  const { load, durationMs } = read({ rate: '10', stage: ['30s:50', '2m:50', '10s:0'], maxShoppers: '99' });
  assert.deepEqual(load, {
    stages: [
      { durationMs: 30_000, from: 10, to: 50 },
      { durationMs: 120_000, from: 50, to: 50 },
      { durationMs: 10_000, from: 50, to: 0 },
    ],
    maxShoppers: 99,
  });
  assert.equal(durationMs, 160_000);
  assert.equal(read({ stage: ['30s:50'] }).load?.stages[0]?.from, 0);
});

test('a mix names activities as they are typed', () => {
  assert.deepEqual(read({ mix: 'buy=3, search-orders, browse=0.5,register=0' }).mix, [
    ['buy', 3],
    ['search orders', 1],
    ['browse', 0.5],
  ]);
});

const REFUSED: readonly (readonly [BusyworkFlags, RegExp])[] = [
  [{ rate: '0' }, /^--rate cannot be "0": .* above 0, up to 5000\. `mall busywork --rate=20`/],
  [{ rate: 'fast' }, /^--rate /],
  [{ rate: '5001' }, /^--rate /],
  [{ rate: '10', maxShoppers: '0' }, /^--max-shoppers cannot be "0": it must be a whole number/],
  [{ maxShoppers: '10' }, /^--max-shoppers .* go with --rate or --stage/],
  [{ stage: ['30s'] }, /^--stage cannot be "30s": it must be a time and the rate at its end/],
  [{ stage: ['30s:50:1'] }, /^--stage /],
  [{ stage: ['soon:50'] }, /^--stage /],
  [{ stage: ['30s:50'], duration: '1m' }, /^--stage .* go without --duration/],
  [{ mix: 'buy=1,brwose=2' }, /^--mix .* not "brwose"; did you mean browse\?/],
  [{ mix: 'steal-everything-there-is' }, /^--mix .* known are browse, buy, register, /],
  [{ mix: 'buy=1,buy=2' }, /^--mix .* name buy only once/],
  [{ mix: 'buy=0' }, /^--mix .* some activity a weight above 0/],
  [{ mix: 'buy=-1' }, /^--mix .* numbers from 0 on/],
  [
    { threshold: ['p99'] },
    /^--threshold cannot be "p99": it must be a figure, one of < <= > >= =, and a number/,
  ],
  [{ threshold: ['order_aproved.p99<1s'] }, /did you mean order_approved\.p99\?/],
  [{ threshold: ['calls.p99<5%'] }, /have nothing or ms or s after the number, since calls\.p99 is a time/],
];

test('bad values are refused with the flag, the problem and what to type', () => {
  for (const [flags, message] of REFUSED) {
    assert.throws(
      () => read(flags),
      (error) => error instanceof BusyworkUsageError && message.test(`${error.message} ${error.next}`),
      JSON.stringify(flags),
    );
  }
});
