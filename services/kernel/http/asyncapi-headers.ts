import {
  type AnyMessageDefinition,
  type MetadataKey,
  metadataKeys,
  replyOutcomes,
} from '../../../proto/catalogue.ts';
import type { ObjectSchema, ValueSchema } from './openapi-model.ts';

type Kind = AnyMessageDefinition['kind'];

interface Header {
  readonly on: readonly Kind[];
  /** Whether every message that this mall sends has it; foreign senders may leave out any. */
  readonly always: boolean;
  readonly description: string;
  readonly enum?: readonly string[];
}

/** Reserved by the original: nobody sends them. */
type Reserved = typeof metadataKeys.commandName | typeof metadataKeys.replyName;

const events: readonly Kind[] = ['event'];
const commands: readonly Kind[] = ['command'];
const replies: readonly Kind[] = ['reply'];
const all: readonly Kind[] = ['event', 'command', 'reply'];

const keys = metadataKeys;

/** What each metadata key says, in the order of the documents. */
const headers: Readonly<Record<Exclude<MetadataKey, Reserved>, Header>> = {
  [keys.aggregateName]: always(events, 'What the event is about, e.g. `stores.Store`.'),
  [keys.aggregateId]: always(events, 'Id of the aggregate; its events keep their order.'),
  [keys.aggregateVersion]: always(events, 'Version of the aggregate after the event, in digits.'),

  [keys.commandReplyChannel]: always(commands, 'Subject for the reply; without it nobody is answered.'),
  [keys.commandSagaId]: always(commands, 'Id of the saga that sends the command.'),
  [keys.commandSagaName]: always(commands, 'Name of the saga, e.g. `cosec.CreateOrder`.'),
  [keys.commandId]: always(commands, 'Identity of the command; when it is sent again it keeps it.'),
  [keys.commandStep]: always(commands, 'The step of the saga that sends the command.'),

  [keys.replyOutcome]: {
    ...always(replies, 'What became of the command; without it the command failed.'),
    enum: Object.values(replyOutcomes),
  },
  [keys.replyErrorCode]: sometimes(replies, 'Of a failure: its category, e.g. `NOT_FOUND`.'),
  [keys.replyErrorMessage]: sometimes(replies, 'Of a failure: what is wrong, in a sentence for people.'),
  [keys.replyReplyChannel]: always(replies, copyOf(keys.commandReplyChannel)),
  [keys.replySagaId]: sometimes(replies, copyOf(keys.commandSagaId)),
  [keys.replySagaName]: sometimes(replies, copyOf(keys.commandSagaName)),
  [keys.replyId]: sometimes(replies, copyOf(keys.commandId)),
  [keys.replyStep]: sometimes(replies, copyOf(keys.commandStep)),

  [keys.correlationId]: always(all, 'One id for all that follows from one request.'),
  [keys.causationId]: always(all, 'Id of the message or request that caused this one.'),
  [keys.schemaVersion]: sometimes(all, "Version of the payload's meaning; without it, 1."),
  [keys.traceparent]: sometimes(all, 'W3C trace context: trace and span of the sender.'),
  [keys.tracestate]: sometimes(all, 'W3C trace context: what tracing systems add.'),
  [keys.baggage]: sometimes(all, 'W3C baggage.'),
};

/** The headers of a kind of messages. Those sent promise each that is never left out, those received none. */
export function headersSchema(kind: Kind, action: 'send' | 'receive'): ObjectSchema {
  const relevant = Object.entries(headers).filter(([, { on }]) => on.includes(kind));
  const required = relevant.filter(([, header]) => header.always).map(([key]) => key);
  return {
    type: 'object',
    description: `Metadata of ${action === 'send' ? `each ${kind} sent` : `the ${kind}s taken`}.`,
    properties: Object.fromEntries(relevant.map(([key, header]) => [key, headerSchema(header)])),
    ...(action === 'send' && { required }),
  };
}

function headerSchema({ description, enum: values }: Header): ValueSchema {
  return { type: 'string', description, ...(values && { enum: values }) };
}

function always(on: readonly Kind[], description: string): Header {
  return { on, always: true, description };
}

function sometimes(on: readonly Kind[], description: string): Header {
  return { on, always: false, description };
}

function copyOf(key: MetadataKey): string {
  return `Copy of the command's \`${key}\`.`;
}
