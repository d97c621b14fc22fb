import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamMessage } from '../../../proto/gen/messaging/stream_message.ts';
import { decodeEnvelope, encodeData, encodeEnvelope, UndecodableMessage } from './envelope.ts';

const sentAt = new Date('2024-01-02T03:04:05.678Z');

test('an envelope comes back as it was sent', () => {
  const data = encodeData(Buffer.from('payload'), sentAt);
  const bytes = encodeEnvelope({ id: 'i', name: 'n', data, metadata: { key: 'value' }, sentAt });
  const { payload, ...rest } = decodeEnvelope(bytes);
  assert.equal(Buffer.from(payload).toString(), 'payload');
  assert.deepEqual(rest, { id: 'i', name: 'n', metadata: { key: 'value' }, sentAt, occurredAt: sentAt });
});

test('metadata other than strings, which no sender of ours writes, is left out', () => {
  const metadata = { text: 'yes', number: 1, none: null };
  const bytes = StreamMessage.encode({
    id: 'i',
    name: 'n',
    data: Buffer.alloc(0),
    metadata,
    sentAt,
  }).finish();
  assert.deepEqual(decodeEnvelope(bytes).metadata, { text: 'yes' });
});

test('row P-04: bytes that are no envelope are told apart', () => {
  assert.throws(() => decodeEnvelope(Buffer.from('rubbish')), UndecodableMessage);
  assert.throws(() => decodeEnvelope(Buffer.alloc(0)), UndecodableMessage);
});
