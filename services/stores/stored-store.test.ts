import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StoreEvent } from './store.ts';
import { storedStore } from './stored-store.ts';

/** Documents as the original stored them, word for word. */
const originals: readonly (readonly [stored: unknown, event: StoreEvent])[] = [
  [
    { Name: 'Waldorf Books', Location: 'East' },
    { type: 'stores.StoreCreated', name: 'Waldorf Books', location: 'East' },
  ],
  [{ Participating: true }, { type: 'stores.StoreParticipationEnabled' }],
  [{ Participating: false }, { type: 'stores.StoreParticipationDisabled' }],
  [{ Name: 'Statler Books' }, { type: 'stores.StoreRebranded', name: 'Statler Books' }],
];
const originalSnapshot = { Name: 'Waldorf Books', Location: 'East', Participating: true };

describe("the original's documents, which are ours", () => {
  for (const [stored, event] of originals) {
    test(`${event.type} is read, and written as it was`, () => {
      assert.deepEqual(storedStore.decodeEvent(event.type, stored), event);
      assert.deepEqual(storedStore.encodeEvent(event), stored);
    });
  }
  test('the snapshot is read, and written as it was', () => {
    assert.deepEqual([storedStore.streamName, storedStore.snapshotName], ['stores.Store', 'stores.StoreV1']);
    const state = storedStore.decodeState(originalSnapshot);
    assert.deepEqual(state, { exists: true, name: 'Waldorf Books', location: 'East', participating: true });
    assert.deepEqual(storedStore.encodeState(state), originalSnapshot);
  });
});

describe('a corrupt row', () => {
  test('is told by event and field', () => {
    const enabled = () =>
      storedStore.decodeEvent('stores.StoreParticipationEnabled', { Participating: false });
    assert.throws(enabled, /stores\.StoreParticipationEnabled cannot be read: Participating: /);
    assert.throws(() => storedStore.decodeEvent('stores.StoreCreated', { Name: 'x' }), /Location: /);
    assert.throws(() => storedStore.decodeEvent('stores.StoreClosed', {}), /no such event/);
  });
  test('in a snapshot is told by its field', () => {
    assert.throws(
      () => storedStore.decodeState({}),
      /stores\.StoreV1 cannot be read: Name: .*Participating: /,
    );
  });
});
