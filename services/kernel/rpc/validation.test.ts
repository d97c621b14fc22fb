import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BadRequest, type StoreId } from '../domain/index.ts';
import {
  edgeLimits,
  idField,
  moneyField,
  nameField,
  pageField,
  pageLimits,
  pageToken,
  textField,
} from './validation.ts';

/** The text of the refusal, or what was let in. */
function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof BadRequest);
    return error.message;
  }
}

const readers = {
  id: (text: string) => idField<StoreId>('the store id', text),
  name: (text: string) => nameField('the store name', text),
  text: (text: string) => textField('the description', text),
};

describe('row X13: text from outside', () => {
  for (const [kind, what, chars] of [
    ['id', 'the store id', edgeLimits.idChars],
    ['name', 'the store name', edgeLimits.nameChars],
    ['text', 'the description', edgeLimits.textChars],
  ] as const) {
    const read = readers[kind];
    test(`${kind}: passes as it is, up to ${chars} characters`, () => {
      for (const text of [
        '',
        ' ',
        '  padded  ',
        'x'.repeat(chars),
        '👩‍👩‍👧 שלום',
        '\u202eABC',
        "'; DROP TABLE stores; --",
      ]) {
        assert.equal(
          outcome(() => read(text)),
          text,
        );
      }
    });
    test(`${kind}: is refused when it is longer`, () => {
      const refusal = `${what} is longer than ${chars} characters`;
      assert.equal(
        outcome(() => read('x'.repeat(chars + 1))),
        refusal,
      );
    });
    for (const [name, text] of [
      ['NUL', 'a\u0000b'],
      ['escape', '\u001b[31m'],
      ['delete', '\u007f'],
      ['C1', '\u0085'],
    ] as const) {
      test(`${kind}: is refused with ${name} in it`, () => {
        assert.equal(
          outcome(() => read(text)),
          `${what} holds control characters`,
        );
      });
    }
    test(`${kind}: is refused with half a character in it`, () => {
      assert.equal(
        outcome(() => read('a\ud83d')),
        `${what} is no well-formed Unicode text`,
      );
    });
  }
  test('may have lines only where it is long', () => {
    assert.equal(
      outcome(() => readers.text('one\r\ntwo\tthree')),
      'one\r\ntwo\tthree',
    );
    assert.equal(
      outcome(() => readers.name('one\ntwo')),
      'the store name holds control characters',
    );
  });
});

test('row X2: an amount that is no exact money is refused by name', () => {
  const price = (amount: number) => outcome(() => moneyField('the price', amount));
  assert.equal(price(9.99), 99_900n);
  assert.equal(price(Number.NaN), 'the price is not a number');
  assert.equal(price(Number.POSITIVE_INFINITY), 'the price is not a number');
  assert.equal(price(0.00001), 'the price has more than four decimals');
  assert.equal(price(1e9), 'the price is beyond 99999999.9999');
});

describe('rows T9, X23: a page', () => {
  test('has the default size where none is given, and the maximum at most', () => {
    const first = { after: undefined };
    assert.deepEqual(pageField(0, '', 2), { ...first, size: pageLimits.defaultSize });
    assert.deepEqual(pageField(1, '', 2), { ...first, size: 1 });
    assert.deepEqual(pageField(2 ** 31 - 1, '', 2), { ...first, size: pageLimits.maxSize });
  });
  test('of a negative size is refused', () => {
    assert.equal(
      outcome(() => pageField(-1, '', 2)),
      'the page size cannot be negative',
    );
  });
  test('begins after the keys of its token, whatever they hold', () => {
    const keys = ['name with "quotes", שלום and 👩‍👩‍👧', 'id'];
    assert.deepEqual(pageField(5, pageToken(keys), 2), { size: 5, after: keys });
    assert.match(pageToken(keys), /^[\w-]+$/);
  });
  const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const [what, token] of [
    ['rubbish', 'rubbish'],
    ['no text at all', '%%%'],
    ['no list', forged({ length: 2 })],
    ['too few keys', pageToken(['name'])],
    ['too many keys', pageToken(['name', 'id', 'more'])],
    ['keys that are no text', forged([1, null])],
    ['a NUL, which the database takes for an error of ours', pageToken(['a\u0000', 'id'])],
  ] as const) {
    test(`is refused with a forged token: ${what}`, () => {
      assert.equal(
        outcome(() => pageField(5, token, 2)),
        'the page token is none of ours; leave it out for the first page',
      );
    });
  }
});
