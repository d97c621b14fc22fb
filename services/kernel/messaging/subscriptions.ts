import {
  type ConsumerGroup,
  knownIds,
  type MessageDefinition,
  messages,
  metadataKeys,
} from '../../../proto/catalogue.ts';
import type { UnitOfWork } from '../database/index.ts';
import type { MallError } from '../domain/index.ts';
import { learnIds } from '../telemetry/index.ts';
import { type Envelope, type Metadata, UndecodableMessage } from './envelope.ts';
import { derivedId } from './ids.ts';
import { type Outbox, type Publication, publication } from './outbox.ts';

/** A received message with its payload decoded. */
export interface Incoming<Payload> {
  readonly id: string;
  readonly name: string;
  readonly payload: Payload;
  readonly metadata: Metadata;
  readonly occurredAt: Date;
  /** Version of the aggregate the message tells about; undefined when a foreign sender left it out. */
  readonly aggregateVersion: number | undefined;
}

/** What a consumer does with one message name: adds its effect to the unit of work, which then commits. */
export interface Subscription {
  readonly name: string;
  handle(envelope: Envelope, unit: UnitOfWork): Promise<void>;
  /** What takes the effect's place when the handler refuses for good; without it the message is parked. */
  refuse?(envelope: Envelope, unit: UnitOfWork, refusal: MallError): void;
}

/** A durable consumer of the catalogue with what it does: one per context and purpose. */
export interface SubscribedGroup {
  /** The durable's name, unique in the mall (row P-11), and the channel it reads. */
  readonly group: ConsumerGroup;
  /** One for each message the group declares; other names on the channel are acknowledged and dropped. */
  readonly subscriptions: readonly Subscription[];
}

/** Joins a group of the catalogue with its handlers. @throws TypeError when one is missing or too many */
export function subscribe(group: ConsumerGroup, ...subscriptions: readonly Subscription[]): SubscribedGroup {
  const declared = new Set(group.messages.map((message) => message.name));
  const handled = new Set(subscriptions.map((subscription) => subscription.name));
  const different = [...declared.symmetricDifference(handled)];
  if (different.length > 0)
    throw new TypeError(`${group.name}: ${different.join(', ')}: declared or handled only`);
  return { group, subscriptions };
}

/** Reads the payload of a known message. @throws UndecodableMessage */
export function incoming<Payload>(
  definition: MessageDefinition<Payload>,
  envelope: Envelope,
): Incoming<Payload> {
  const { id, name, metadata, occurredAt } = envelope;
  const version = Number.parseInt(metadata[metadataKeys.aggregateVersion] ?? '', 10);
  const aggregateVersion = Number.isSafeInteger(version) ? version : undefined;
  try {
    const payload = definition.codec.decode(envelope.payload);
    learnIds(() => knownIds(name, payload));
    return { id, name, payload, metadata, occurredAt, aggregateVersion };
  } catch (error) {
    throw new UndecodableMessage(`its payload is no ${name}`, { cause: error });
  }
}

/** Subscribes to an event. */
export function onEvent<Payload>(
  definition: MessageDefinition<Payload>,
  handler: (message: Incoming<Payload>, unit: UnitOfWork) => Promise<void> | void,
): Subscription {
  return {
    name: definition.name,
    handle: async (envelope, unit) => handler(incoming(definition, envelope), unit),
  };
}

/**
 * Subscribes to a command. The handler's answer is the reply (none: `am.Success`), stored with the effect; a
 * refusal by the domain leaves no effect and is answered with FAILURE, code and text (rows P-18, P-19).
 */
export function onCommand<Payload>(
  outbox: Outbox,
  definition: MessageDefinition<Payload>,
  handler: (message: Incoming<Payload>, unit: UnitOfWork) => Promise<Publication<unknown> | undefined>,
): Subscription {
  return {
    name: definition.name,
    handle: async (envelope, unit) => {
      const reply = await handler(incoming(definition, envelope), unit);
      answer(outbox, unit, envelope, reply ?? publication(messages.am.success, {}), {
        [metadataKeys.replyOutcome]: 'SUCCESS',
      });
    },
    refuse: (envelope, unit, refusal) =>
      answer(outbox, unit, envelope, publication(messages.am.failure, {}), {
        [metadataKeys.replyOutcome]: 'FAILURE',
        [metadataKeys.replyErrorCode]: refusal.category,
        [metadataKeys.replyErrorMessage]: refusal.message,
      }),
  };
}

/** Sends a reply to the channel the command names; a command without one is fire-and-forget (row X19). */
function answer(
  outbox: Outbox,
  unit: UnitOfWork,
  command: Envelope,
  reply: Publication<unknown>,
  outcome: Metadata,
): void {
  const subject = command.metadata[metadataKeys.commandReplyChannel];
  if (!subject) return;
  outbox.send(unit, reply, {
    id: derivedId(command.id, 'reply'),
    subject,
    headers: { ...correlation(command.metadata), ...outcome },
    orderingKey: command.metadata[metadataKeys.commandSagaId] ?? command.id,
    occurredAt: new Date(),
  });
}

/** Every `COMMAND_*` header but the name comes back as `REPLY_*`, as the original does it. */
function correlation(metadata: Metadata): Metadata {
  const headers = Object.entries(metadata).flatMap(([key, value]) =>
    key.startsWith('COMMAND_') && key !== 'COMMAND_NAME' ? [[key.replace('COMMAND_', 'REPLY_'), value]] : [],
  );
  return Object.fromEntries(headers);
}
