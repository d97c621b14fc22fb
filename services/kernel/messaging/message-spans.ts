import { type Span, SpanKind } from '@opentelemetry/api';
import { knownIdsOfSaga } from '../../../proto/catalogue.ts';
import {
  attributeNames,
  idAttributes,
  ownAttributeNames,
  type Tracer,
  traceHeaders,
} from '../telemetry/index.ts';
import type { Metadata } from './envelope.ts';

interface TracedMessage {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
}

/** What the span of a message says, by the step the message takes in it. */
export function messageAttributes(
  operation: 'create' | 'send' | 'process',
  { id, name, subject }: TracedMessage,
) {
  return {
    [attributeNames.messagingSystem]: 'nats',
    [attributeNames.messagingOperationType]: operation,
    [attributeNames.messagingOperationName]: operation,
    [attributeNames.messagingDestinationName]: subject,
    [attributeNames.messagingMessageId]: id,
    [ownAttributeNames.messageName]: name,
  };
}

/** The span of a message's way from the outbox to the broker's acknowledgement; none where its maker was not traced. */
export function startSending(
  tracer: Tracer,
  message: TracedMessage & { readonly metadata: Metadata; readonly sentAt: Date },
): Span | undefined {
  const parent = traceHeaders(message.metadata);
  return (
    parent &&
    tracer.start(parent, () => ({
      name: `send ${message.name}`,
      // The message's creation has the span of the kind PRODUCER, which its handling follows.
      kind: SpanKind.CLIENT,
      attributes: {
        ...messageAttributes('send', message),
        ...idAttributes(knownIdsOfSaga(message.metadata)),
        [ownAttributeNames.outboxWaitMs]: Math.max(0, Date.now() - message.sentAt.getTime()),
      },
    }))
  );
}

/** The span of one try at handling a message: it follows the message's creation, as in the original. */
export function startProcessing(
  tracer: Tracer,
  message: TracedMessage & { readonly metadata: Metadata },
  { consumer, attempt }: { readonly consumer: string; readonly attempt: number },
): Span | undefined {
  return tracer.start(traceHeaders(message.metadata), () => ({
    name: `process ${message.name}`,
    kind: SpanKind.CONSUMER,
    attributes: {
      ...messageAttributes('process', message),
      ...idAttributes(knownIdsOfSaga(message.metadata)),
      [attributeNames.messagingConsumerGroupName]: consumer,
      [ownAttributeNames.attempt]: attempt,
    },
  }));
}
