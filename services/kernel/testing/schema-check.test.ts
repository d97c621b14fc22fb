import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaCheck } from './schema-check.ts';

const document = {
  components: {
    schemas: {
      Stop: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      List: {
        type: 'object',
        properties: {
          stops: { type: 'object', additionalProperties: { $ref: '#/components/schemas/Stop' } },
          madeAt: { type: ['string', 'null'], format: 'date-time' },
        },
      },
    },
  },
};
const list = { $ref: '#/components/schemas/List' };
const check = new SchemaCheck(document);

test('what a schema describes fits it', () => {
  for (const value of [
    {},
    { stops: { s: { name: 'Waldorf' } }, madeAt: null },
    { madeAt: '2026-01-01T00:00:00Z' },
  ]) {
    check.fits(list, value, 'a list');
  }
});

test('what it does not describe is refused, however deep, with what is wrong', () => {
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{ stops: { s: {} } }, /a list: data\/stops\/s must have required property 'name'/],
    [{ stops: { s: { name: 1 } } }, /must be string/],
    [{ stops: { s: { name: 'Waldorf', secret: 1 } } }, /must NOT have additional properties/],
    [{ madeAt: 'yesterday' }, /must match format "date-time"/],
    [{ surprise: 1 }, /must NOT have additional properties/],
    ['text', /must be object/],
  ];
  for (const [value, reason] of wrong) assert.throws(() => check.fits(list, value, 'a list'), reason);
});

test('an object of which nothing is said holds nothing', () => {
  check.fits({ type: 'object' }, {}, 'an answer');
  assert.throws(() => check.fits({ type: 'object' }, { id: '1' }, 'an answer'), /additional properties/);
});
