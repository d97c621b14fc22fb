import { SpanKind } from '@opentelemetry/api';
import { z } from 'zod';
import { knownIds, knownIdsOfSaga, type MessageDefinition, metadataKeys } from '../../../proto/catalogue.ts';
import {
  type Batch,
  bytesColumn,
  type Causation,
  insertion,
  type Told,
  type UnitOfWork,
  type Write,
  write,
} from '../database/index.ts';
import { headersAfter, idAttributes, learnIds, type Tracer, untraced } from '../telemetry/index.ts';
import { asBuffer, encodeData, type Metadata } from './envelope.ts';
import type { HandedRow } from './handed-rows.ts';
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
  readonly #tracer: Tracer;

  /** @param options.committed called after each commit that left messages, with those: wakes the relay */
  constructor(options: {
    readonly schema: string;
    readonly stream: string;
    readonly committed: (rows: readonly HandedRow[]) => void;
    readonly tracer?: Tracer;
  }) {
    this.#stream = options.stream;
    const statement = insertMessages(options.schema);
    this.#batch = {
      toWrites: (messages) => messages.map((message) => insertMessage(statement, message)),
      committed: (messages, told) => options.committed(handedRows(messages, told)),
    };
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
    const ids = () => ({ ...knownIdsOfSaga(headers), ...knownIds(name, payload) });
    learnIds(ids);
    // A message that is not committed was never sent: its span does not end and is forgotten.
    const created =
      trace &&
      this.#tracer.start(trace, () => ({
        name: `create ${name}`,
        kind: SpanKind.PRODUCER,
        attributes: { ...messageAttributes('create', { id, name, subject }), ...idAttributes(ids()) },
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
    if (created) unit.afterCommit(() => created.end());
  }
}

function causes(causation: Causation): Metadata {
  return {
    [metadataKeys.causationId]: causation.causationId,
    [metadataKeys.correlationId]: causation.correlationId,
  };
}

/**
 * A message that was left before (a reply's id is derived from its command's) must not fail here: a repeat is to be
 * told by the inbox, not by this table.
 */
const insertMessages = (schema: string) =>
  insertion({
    table: `${schema}.outbox`,
    columns: {
      id: 'text',
      name: 'text',
      subject: 'text',
      data: 'bytea',
      metadata: 'jsonb',
      sent_at: 'timestamptz',
      ordering_key: 'text',
    },
    key: ['id'],
    onConflict: 'ON CONFLICT (id) DO NOTHING',
    tell: {
      returning: 'id, ordering_key, position',
      scalars: {
        outbox_left: `SELECT coalesce(json_agg(json_build_object('id', id, 'key', ordering_key, 'position', position)
                        ORDER BY position), '[]') FROM {written}`,
        outbox_waiting: `SELECT coalesce(json_agg(json_build_object('key', ordering_key, 'position', position)), '[]')
                         FROM (SELECT ordering_key, position FROM ${schema}.outbox
                               WHERE published_at IS NULL AND ordering_key = ANY
                                 (ARRAY (SELECT ordering_key FROM {written}))
                               LIMIT ${MOST_WAITING}) AS waiting`,
      },
    },
  });

function insertMessage(statement: ReturnType<typeof insertMessages>, message: OutgoingMessage): Write {
  const { id, name, subject, data, metadata, sentAt, orderingKey } = message;
  return write(statement, {
    ...{ id, name, subject, data: bytesColumn(data), metadata },
    ...{ sent_at: sentAt, ordering_key: orderingKey },
  });
}

/** So many waiting messages of one commit's aggregates are looked at; behind more, the relay reads the outbox. */
const MOST_WAITING = 64;

const toldOfOutbox = z.object({
  outbox_left: z.array(z.object({ id: z.string(), key: z.string(), position: z.number() })),
  outbox_waiting: z.array(z.object({ key: z.string(), position: z.number() })),
});

/** What a commit told of the outbox, for all units of work that it was of. */
interface LeftMessages {
  readonly positions: ReadonlyMap<string, number>;
  /** Positions by ordering key: of what had been waiting, and of what was left. */
  readonly ofKey: ReadonlyMap<string, readonly number[]>;
  /** There may have been more waiting than were told. */
  readonly manyWaiting: boolean;
}

const leftMessages = new WeakMap<Told, LeftMessages>();

/** Read once for each commit: all its units of work are told the same. */
function leftBy(told: Told): LeftMessages {
  const known = leftMessages.get(told);
  if (known) return known;
  const { outbox_left: left, outbox_waiting: waiting } = toldOfOutbox.parse(told);
  const ofKey = new Map<string, number[]>();
  for (const { key, position } of [...waiting, ...left]) {
    const positions = ofKey.get(key);
    if (positions) positions.push(position);
    else ofKey.set(key, [position]);
  }
  const positions = new Map(left.map(({ id, position }) => [id, position]));
  const read = { positions, ofKey, manyWaiting: waiting.length >= MOST_WAITING };
  leftMessages.set(told, read);
  return read;
}

/**
 * The messages that were left, with their positions and what was waiting before them: from earlier commits, or left by
 * others in the same one.
 */
function handedRows(messages: readonly OutgoingMessage[], told: Told): readonly HandedRow[] {
  const { positions, ofKey, manyWaiting } = leftBy(told);
  return messages.flatMap((message) => {
    const { id, name, subject, metadata, sentAt, orderingKey } = message;
    const position = positions.get(id);
    if (position === undefined) return [];
    const before = (ofKey.get(orderingKey) ?? []).filter((other) => other < position);
    return {
      row: {
        ...{ position, id, name, subject, metadata, data: asBuffer(message.data) },
        ...{ sent_at: sentAt, ordering_key: orderingKey },
      },
      behind: manyWaiting ? [UNKNOWN] : before,
    };
  });
}

/** A position that no row has: nothing is ever known to be published there. */
const UNKNOWN = -1;
