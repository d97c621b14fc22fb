import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { attributeNames, ownAttributeNames } from './attributes.ts';

test('every attribute name is one of the semantic conventions, or our own', () => {
  const known = new Set<unknown>(
    Object.entries(conventions).flatMap(([name, value]) => (name.startsWith('ATTR_') ? [value] : [])),
  );
  for (const name of Object.values(attributeNames)) assert.ok(known.has(name), `${name} is a convention`);
  for (const name of Object.values(ownAttributeNames)) assert.match(name, /^mall\.[a-z_.]+$/);
});
