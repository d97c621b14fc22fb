import { SpanKind } from '@opentelemetry/api';
import { knownIds, knownIdsOfSaga, type MessageDefinition, metadataKeys } from '../../../proto/catalogue.ts';
import type { Batch, Causation, UnitOfWork, Write } from '../database/index.ts';
import { headersAfter, idAttributes, learnIds, type Tracer, untraced } from '../telemetry/index.ts';
import { encodeData, type Metadata } from './envelope.ts';
import { messageAttributes } from './message-spans.ts';

/** The aggregate a message tells about; its id keeps order, its version lets readers drop what is older. */
export interface MessageSubject {
  readonly name: string;
  readonly id: string;
  readonly version: number;
}

export interface OutgoingMessage {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly data: Uint8Array;
  readonly metadata: Metadata;
  readonly sentAt: Date;
  /** Messages with the same key reach the broker in the order of their commits. */
  readonly orderingKey: string;
}

/** A message to send: its definition with the payload that belongs to it. */
export interface Publication<Payload> {
  readonly definition: MessageDefinition<Payload>;
  readonly payload: Payload;
}

/** Ties a payload to its definition, so that the compiler checks that they fit. */
export function publication<Payload>(
  definition: MessageDefinition<Payload>,
  payload: Payload,
): Publication<Payload> {
  return { definition, payload };
}

/** How a message is sent, whatever it says. */
interface Sending {
  readonly id: string;
  readonly subject: string;
  readonly headers: Metadata;
  readonly orderingKey: string;
  readonly occurredAt: Date;
}

/** Where a context leaves its messages, in the transaction that changes its state; the relay takes them on. */
export class Outbox {
  readonly #stream: string;
  readonly #batch: Batch<OutgoingMessage>;
  readonly #committed: () => void;
  readonly #tracer: Tracer;

  /** @param committed called after each commit that left messages: wakes the relay */
  constructor(options: { schema: string; stream: string; committed: () => void; tracer?: Tracer }) {
    this.#stream = options.stream;
    this.#batch = { toWrite: (messages) => insertMessages(options.schema, messages) };
    this.#committed = options.committed;
    this.#tracer = options.tracer ?? untraced;
  }

  /** An integration event: its id is that of the domain event it was made from, so a repeat is recognisable. */
  event<Payload>(
    unit: UnitOfWork,
    { definition, payload }: Publication<Payload>,
    about: { id: string; subject: MessageSubject; occurredAt: Date },
  ): void {
    const headers: Metadata = {
      [metadataKeys.aggregateName]: about.subject.name,
      [metadataKeys.aggregateId]: about.subject.id,
      [metadataKeys.aggregateVersion]: String(about.subject.version),
    };
    this.#add(
      unit,
      { definition, payload },
      {
        id: about.id,
        subject: this.subjectOf(definition),
        headers,
        orderingKey: about.subject.id,
        occurredAt: about.occurredAt,
      },
    );
  }

  /** A command or a reply: `headers` carry its correlation. */
  send<Payload>(unit: UnitOfWork, message: Publication<Payload>, about: Sending): void {
    this.#add(unit, message, about);
  }

  /** The broker's subject of a message: subjects derive from the stream's name (row P-67). */
  subjectOf(definition: { readonly name: string; readonly channel: string | undefined }): string {
    if (definition.channel === undefined) throw new TypeError(`${definition.name} has no channel of its own`);
    return `${this.#stream}.${definition.channel}`;
  }

  #add<Payload>(
    unit: UnitOfWork,
    { definition, payload }: Publication<Payload>,
    { id, subject, headers, orderingKey, occurredAt }: Sending,
  ): void {
    const { name } = definition;
    const { trace } = unit.causation;
    const ids = { ...knownIdsOfSaga(headers), ...knownIds(name, payload) };
    learnIds(ids);
    // A message that is not committed was never sent: its span does not end and is forgotten.
    const created =
      trace &&
      this.#tracer.start(trace, () => ({
        name: `create ${name}`,
        kind: SpanKind.PRODUCER,
        attributes: { ...messageAttributes('create', { id, name, subject }), ...idAttributes(ids) },
      }));
    unit.gather(this.#batch, {
      id,
      name,
      subject,
      data: encodeData(definition.codec.encode(payload).finish(), occurredAt),
      metadata: { ...causes(unit.causation), ...headersAfter(created, trace), ...headers },
      sentAt: occurredAt,
      orderingKey,
    });
    unit.afterCommit(() => {
      created?.end();
      this.#committed();
    });
  }
}

function causes(causation: Causation): Metadata {
  return {
    [metadataKeys.causationId]: causation.causationId,
    [metadataKeys.correlationId]: causation.correlationId,
  };
}

/**
 * A message that was left before (a reply's id is derived from its command's) must not fail here: Postgres does not
 * say in which order the parts of a statement run, and a repeat is to be told by the inbox, not by this table.
 */
function insertMessages(schema: string, messages: readonly OutgoingMessage[]): Write {
  const column = <T>(pick: (message: OutgoingMessage) => T): T[] => messages.map(pick);
  return {
    text: `INSERT INTO ${schema}.outbox (id, name, subject, data, metadata, sent_at, ordering_key)
           SELECT id, name, subject, data, metadata, sent_at, ordering_key
           FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::jsonb[], $6::timestamptz[], $7::text[])
             WITH ORDINALITY AS m(id, name, subject, data, metadata, sent_at, ordering_key, n)
           ORDER BY n ON CONFLICT (id) DO NOTHING`,
    values: [
      column((m) => m.id),
      column((m) => m.name),
      column((m) => m.subject),
      column((m) => Buffer.from(m.data)),
      column((m) => JSON.stringify(m.metadata)),
      column((m) => m.sentAt.toISOString()),
      column((m) => m.orderingKey),
    ],
  };
}
