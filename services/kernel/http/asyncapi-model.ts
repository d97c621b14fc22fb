import type { ObjectSchema, Reference } from './openapi-model.ts';

/** The part of AsyncAPI 3.0 that our documents use. Names that begin with `x-` are ours. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly defaultContentType: 'application/x-protobuf';
  /** Left out where nobody said where the broker is. */
  readonly servers?: { readonly nats: { readonly host: string; readonly protocol: 'nats' } };
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: {
    /** By wire name. */
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: Readonly<Record<string, ObjectSchema>>;
  };
}

export interface Channel {
  /** The broker's subject; null where each message says where its answer goes. */
  readonly address: string | null;
  readonly title: string;
  readonly description?: string;
  readonly messages: Readonly<Record<string, Reference>>;
}

export interface Operation {
  readonly action: 'send' | 'receive';
  readonly channel: Reference;
  readonly title: string;
  readonly summary: string;
  /** Some of the channel's messages, by reference to it. */
  readonly messages: readonly Reference[];
  readonly reply?: OperationReply;
  readonly bindings?: { readonly nats: { readonly queue: string; readonly bindingVersion: '0.1.0' } };
  /** The durable consumer behind a receiving operation; NATS bindings know of plain queues only. */
  readonly 'x-jetstream-consumer'?: {
    readonly stream: string;
    readonly durable: string;
    readonly filterSubject: string;
  };
}

export interface OperationReply {
  readonly address?: { readonly location: string; readonly description: string };
  readonly channel: Reference;
  readonly messages: readonly Reference[];
}

export interface Message {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly description?: string;
  readonly contentType: 'application/x-protobuf';
  readonly headers: Reference;
  readonly payload: Reference | EmptySchema;
  readonly correlationId: { readonly location: string; readonly description: string };
  /** Full name of the payload's protobuf type; left out where there is no payload. */
  readonly 'x-protobuf-type'?: string;
  /** What the broker carries, and what its `data` hold: the payload with a time. */
  readonly 'x-envelope': Reference;
  readonly 'x-envelope-data': Reference;
  readonly 'x-published-by': readonly string[];
  readonly 'x-consumed-by': readonly { readonly context: string; readonly group: string }[];
}

/** The schema of a message without payload. */
export interface EmptySchema {
  readonly type: 'object';
  readonly description: string;
  readonly maxProperties: 0;
}
