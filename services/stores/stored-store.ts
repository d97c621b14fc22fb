import { z } from 'zod';
import { readDocument, readEvent, type StreamCodec } from '../kernel/eventstore/stream-codec.ts';
import type { Store, StoreEvent } from './store.ts';

/** The store's stored documents, key by key the original's. */
export const storedStore: StreamCodec<Store, StoreEvent> = {
  streamName: 'stores.Store',
  snapshotName: 'stores.StoreV1',
  encodeEvent,
  decodeEvent: (name, data) => readEvent(events, name, data),
  encodeState: ({ name, location, participating }) => ({
    Name: name,
    Location: location,
    Participating: participating,
  }),
  decodeState: (data) => readDocument('stores.StoreV1', snapshot, data),
};

const events = {
  'stores.StoreCreated': z
    .object({ Name: z.string(), Location: z.string() })
    .transform(
      (stored): StoreEvent => ({ type: 'stores.StoreCreated', name: stored.Name, location: stored.Location }),
    ),
  'stores.StoreParticipationEnabled': z
    .object({ Participating: z.literal(true) })
    .transform((): StoreEvent => ({ type: 'stores.StoreParticipationEnabled' })),
  'stores.StoreParticipationDisabled': z
    .object({ Participating: z.literal(false) })
    .transform((): StoreEvent => ({ type: 'stores.StoreParticipationDisabled' })),
  'stores.StoreRebranded': z
    .object({ Name: z.string() })
    .transform(({ Name }): StoreEvent => ({ type: 'stores.StoreRebranded', name: Name })),
} satisfies Record<StoreEvent['type'], z.ZodType<StoreEvent>>;

const snapshot = z.object({ Name: z.string(), Location: z.string(), Participating: z.boolean() }).transform(
  (stored): Store => ({
    exists: true,
    name: stored.Name,
    location: stored.Location,
    participating: stored.Participating,
  }),
);

function encodeEvent(event: StoreEvent): Record<string, unknown> {
  switch (event.type) {
    case 'stores.StoreCreated':
      return { Name: event.name, Location: event.location };
    case 'stores.StoreParticipationEnabled':
      return { Participating: true };
    case 'stores.StoreParticipationDisabled':
      return { Participating: false };
    case 'stores.StoreRebranded':
      return { Name: event.name };
  }
}
