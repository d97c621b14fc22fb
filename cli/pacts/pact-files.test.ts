import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalPact } from './pact-files.ts';

const message = (description: string, ...states: readonly string[]) => ({
  type: 'Asynchronous/Messages',
  description,
  providerStates: states.map((name) => ({ name })),
  contents: { content: { Name: description } },
});
const pactOf = (...interactions: readonly object[]) =>
  JSON.stringify({ consumer: { name: 'c' }, provider: { name: 'p' }, interactions, metadata: { v: '4.0' } });

test('the same contract is the same text, in whatever order its tests ran', () => {
  const [one, other, variant] = [message('a'), message('b'), message('b', 'a state')];
  assert.equal(canonicalPact(pactOf(one, other, variant)), canonicalPact(pactOf(variant, other, one)));
  assert.notEqual(canonicalPact(pactOf(one, other)), canonicalPact(pactOf(one, variant)));
});

test('nothing of a pact is left out', () => {
  const text = pactOf(message('a', 'a state'));
  assert.deepEqual(JSON.parse(canonicalPact(text)), JSON.parse(text));
});
