import {
  type AnyMessageDefinition,
  type ContextName,
  messages,
  metadataKeys,
} from '../../../proto/catalogue.ts';
import { restDocuments } from '../../../proto/rest-documents.ts';
import { consumersOf, type Flow, flowsOf, inWords, type Place, publishersOf } from './asyncapi-flows.ts';
import type { AsyncApiDocument, Channel, Message, Operation, OperationReply } from './asyncapi-model.ts';
import {
  dataReference,
  envelopeReference,
  headersReference,
  messageNamed,
  messageSchemas,
  payloadSchema,
  type Usage,
} from './asyncapi-schemas.ts';
import { commentOf, summaryAndRest } from './openapi-comments.ts';
import type { Reference } from './openapi-model.ts';

export interface AsyncApiOptions {
  /** Name of the JetStream stream: every subject begins with it. */
  readonly stream: string;
  /** Where the broker is: a URL or `host:port`. Who logs in how is not told on. */
  readonly server?: string;
}

/**
 * The AsyncAPI document of what a context sends and takes, made from the catalogue and the descriptors alone,
 * so that no name in it can differ from the wire's (rows T13, P-53). The same options give the same document.
 */
export function asyncApiDocument(context: ContextName, options: AsyncApiOptions): AsyncApiDocument {
  const flows = flowsOf(context);
  const places = new Map(flows.map(({ place }) => [place.key, place]));
  return {
    asyncapi: '3.0.0',
    info: { title: titleOf(context), version: '1.0.0', description: descriptionOf(context) },
    defaultContentType: 'application/x-protobuf',
    ...(options.server && { servers: { nats: { host: hostOf(options.server), protocol: 'nats' } } }),
    channels: Object.fromEntries(
      [...places.values()].map((place) => [place.key, channelOf(place, flows, options)]),
    ),
    operations: Object.fromEntries(flows.map((flow) => [flow.id, operationOf(flow, options)])),
    components: {
      messages: Object.fromEntries(
        flows.flatMap((flow) => flow.messages.map((each) => [each.name, messageOf(each, flow)])),
      ),
      schemas: messageSchemas(
        flows.flatMap((flow) => flow.messages),
        flows.flatMap((flow) => flow.messages.map((message) => usageOf(message, flow))),
      ),
    },
  };
}

/** In the style of the one title the original has, for the contexts it has titles of. */
function titleOf(context: ContextName): string {
  const named = Object.entries(restDocuments).find(([name]) => name === context);
  return named ? `${named[1].title} AsyncAPI` : `${context} messages`;
}

function descriptionOf(context: ContextName): string {
  return [
    `What ${context} and the other contexts tell each other over NATS JetStream.`,
    'Each message of the broker is a `jetstream.StreamMessage`: its name alone selects the type of the',
    'payload, its metadata are what is shown here as headers, its data hold the payload with its time.',
    "Payloads are shown in protobuf's JSON form; on the wire all of it is protobuf.",
    'Messages are delivered at least once, those about one aggregate in order.',
  ].join(' ');
}

/** Host and port of an address, without what else may be in it. */
function hostOf(server: string): string {
  return new URL(server.includes('://') ? server : `nats://${server}`).host;
}

function channelOf(place: Place, flows: readonly Flow[], { stream }: AsyncApiOptions): Channel {
  const names = flows
    .filter((flow) => flow.place.key === place.key)
    .flatMap((flow) => flow.messages.map(({ name }) => name));
  const entries = names.map((name) => [name, { $ref: `#/components/messages/${name}` }] as const);
  return {
    address: place.subject === undefined ? null : `${stream}.${place.subject}`,
    title: inWords(place.key),
    ...(place.subject === undefined && {
      description: `Replies go where the command's \`${metadataKeys.commandReplyChannel}\` says.`,
    }),
    messages: Object.fromEntries(entries),
  };
}

function operationOf(flow: Flow, { stream }: AsyncApiOptions): Operation {
  const { action, title, summary, place, group } = flow;
  return {
    action,
    channel: channelReference(place),
    title,
    summary,
    messages: messageReferences(place, flow.messages),
    ...(flow.answers && { reply: replyOf(flow.answers) }),
    ...(group && {
      bindings: { nats: { queue: group.name, bindingVersion: '0.1.0' } },
      'x-jetstream-consumer': {
        stream,
        durable: group.name,
        filterSubject: `${stream}.${group.channel}`,
      },
    }),
  };
}

function replyOf({ place, messages: replies }: NonNullable<Flow['answers']>): OperationReply {
  const location = `$message.header#/${metadataKeys.commandReplyChannel}`;
  return {
    ...(place.subject === undefined && {
      address: { location, description: 'The subject that the command names.' },
    }),
    channel: channelReference(place),
    messages: messageReferences(place, replies),
  };
}

function messageOf(message: AnyMessageDefinition, flow: Flow): Message {
  const { name, kind, type } = message;
  const { summary, rest } = summaryAndRest(textOf(message));
  return {
    name,
    title: inWords(name.split('.').at(-1) ?? name),
    summary,
    ...(rest && { description: rest }),
    contentType: 'application/x-protobuf',
    headers: headersReference(usageOf(message, flow)),
    payload: payloadSchema(message),
    correlationId: {
      location: `$message.header#/${metadataKeys.correlationId}`,
      description: 'One id for all that follows from one request.',
    },
    ...(type !== undefined && { 'x-protobuf-type': type }),
    'x-envelope': envelopeReference(),
    'x-envelope-data': dataReference(kind),
    'x-published-by': publishersOf(message),
    'x-consumed-by': consumersOf(message).map(({ context, name: group }) => ({ context, group })),
  };
}

/** The replies without payload, of which no .proto tells. */
const outcomes: Readonly<Record<string, string>> = {
  [messages.am.success.name]: 'The command was carried out.',
  [messages.am.failure.name]: 'The command was refused and has no effect. The headers say why.',
};

function textOf({ name, type }: AnyMessageDefinition): string {
  const text = type === undefined ? outcomes[name] : commentOf(messageNamed(type));
  if (text === undefined) throw new Error(`${name}: nothing says what it means`);
  return text;
}

function usageOf({ kind }: AnyMessageDefinition, { action }: Flow): Usage {
  return { kind, action };
}

function channelReference({ key }: Place): Reference {
  return { $ref: `#/channels/${key}` };
}

function messageReferences({ key }: Place, list: readonly AnyMessageDefinition[]): readonly Reference[] {
  return list.map(({ name }) => ({ $ref: `#/channels/${key}/messages/${name}` }));
}
