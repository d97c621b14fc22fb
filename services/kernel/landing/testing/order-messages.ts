import { connect } from '@nats-io/transport-node';
import { metadataKeys } from '../../../../proto/catalogue.ts';
import { EventMessageData } from '../../../../proto/gen/messaging/message_data.ts';
import { StreamMessage } from '../../../../proto/gen/messaging/stream_message.ts';

/** The bytes of a message about an order. */
export function orderMessage(name: string, metadata: Record<string, string>): Uint8Array {
  const now = new Date();
  const data = EventMessageData.encode({ payload: Buffer.alloc(0), occurredAt: now }).finish();
  return StreamMessage.encode({
    id: `${name}-1`,
    name,
    data: Buffer.from(data),
    metadata,
    sentAt: now,
  }).finish();
}

/** Publishes as the contexts would. */
export async function publisher(natsUrl: string, stream: string) {
  const connection = await connect({ servers: natsUrl });
  return {
    event: (name: string, orderId: string) =>
      connection.publish(
        `${stream}.ordering.events.Order`,
        orderMessage(`ordersapi.${name}`, { [metadataKeys.aggregateId]: orderId }),
      ),
    command: (channel: string, name: string, orderId: string) =>
      connection.publish(
        `${stream}.${channel}`,
        orderMessage(name, { [metadataKeys.commandSagaId]: orderId }),
      ),
    nonsense: () => connection.publish(`${stream}.ordering.events.Order`, 'no envelope'),
    close: () => connection.close(),
  };
}
