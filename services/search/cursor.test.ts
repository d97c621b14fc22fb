import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cursorAt, readCursor } from './cursor.ts';

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const time = '2024-02-29T23:59:59.123456Z';

test('a cursor comes back as it went, microseconds and all', () => {
  const moments = fc.date({
    noInvalidDate: true,
    min: new Date('0001-01-01T00:00:00.000Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
  });
  const printable = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !/\p{Cc}/u.test(text));
  fc.assert(
    fc.property(moments, fc.integer({ min: 0, max: 999 }), printable, (moment, micros, orderId) => {
      const createdAt = moment.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
      assert.deepEqual(readCursor(cursorAt({ createdAt, orderId })), { createdAt, orderId });
    }),
  );
});

describe('what is no cursor of ours is refused', () => {
  const refused: readonly (readonly [why: string, text: string])[] = [
    ['words', 'next please'],
    ['no list', encoded({ createdAt: time, orderId: 'a' })],
    ['too few keys', encoded([time])],
    ['too many keys', encoded([time, 'a', 'b'])],
    ['a key that is no text', encoded([time, 1])],
    ['no moment', encoded(['yesterday', 'a'])],
    ['milliseconds', encoded(['2024-02-29T23:59:59.123Z', 'a'])],
    ['another zone', encoded(['2024-02-29T23:59:59.123456+01', 'a'])],
    ['the 30th of February', encoded(['2024-02-30T00:00:00.000000Z', 'a'])],
    ['the year 0', encoded(['0000-01-01T00:00:00.000000Z', 'a'])],
    ['a 25th hour', encoded(['2024-02-29T25:00:00.000000Z', 'a'])],
  ];
  for (const [why, text] of refused) {
    test(why, () =>
      assert.throws(() => readCursor(text), {
        name: 'BadRequest',
        message: '`next` is none of ours; leave it out for the first page',
      }),
    );
  }
  test('an id that Postgres could not take', () =>
    assert.throws(() => readCursor(encoded([time, 'a\u0000'])), {
      name: 'BadRequest',
      message: 'the order id in `next` holds control characters',
    }));
});
