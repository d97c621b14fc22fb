import assert from 'node:assert/strict';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import { metadataKeys } from '../../../proto/catalogue.ts';
import { descriptors } from '../../../proto/descriptors.ts';
import type { AsyncApiDocument } from '../http/index.ts';
import { SchemaCheck } from './schema-check.ts';
import type { RecordedMessage } from './stream-recorder.ts';

/** A message that a document lists, with where it goes. */
interface Listed {
  readonly context: string;
  readonly name: string;
  /** Null where the command says where its reply goes. */
  readonly address: string | null | undefined;
}

/** Holds recorded messages against the AsyncAPI documents of those who send and take them. */
export class DocumentedMessages {
  readonly #documents: ReadonlyMap<string, AsyncApiDocument>;
  readonly #checks: ReadonlyMap<string, SchemaCheck>;
  readonly #sent: readonly Listed[];
  readonly #taken: readonly Listed[];

  constructor(documents: ReadonlyMap<string, AsyncApiDocument>) {
    this.#documents = documents;
    this.#checks = new Map([...documents].map(([context, document]) => [context, new SchemaCheck(document)]));
    this.#sent = [...documents].flatMap(([context, document]) => listed(context, document, 'send'));
    this.#taken = [...documents].flatMap(([context, document]) => listed(context, document, 'receive'));
  }

  /** All that is documented as sent and is not among these messages, as `context name`. */
  unseen(messages: readonly RecordedMessage[]): readonly string[] {
    const seen = new Set(messages.map((message) => this.#senderOf(message, messages)));
    return this.#sent.map(({ context, name }) => `${context} ${name}`).filter((each) => !seen.has(each));
  }

  /**
   * Exactly one document says that this message is sent to where it was sent, and is right about its headers
   * and its payload.
   * @throws AssertionError naming what does not fit
   */
  fits(message: RecordedMessage, among: readonly RecordedMessage[]): void {
    const [context = ''] = this.#senderOf(message, among).split(' ');
    const described = this.#documents.get(context)?.components.messages[message.name];
    const check = this.#checks.get(context);
    assert.ok(
      described && check,
      `${message.name} on ${message.subject} is documented as sent by one context`,
    );
    const what = `${message.name} of ${context}`;
    check.fits(described.headers, message.metadata, `${what}: headers`);
    const type = described['x-protobuf-type'];
    if (type === undefined) assert.equal(message.payload.length, 0, `${what} has no payload`);
    else check.fits(described.payload, decoded(type, message.payload), `${what}: payload`);
    assert.ok(message.id !== '' && message.occurredAt, `${what}: envelope`);
  }

  /** The context and name of the one documented sending that this is; blank for none or several. */
  #senderOf({ name, subject, metadata }: RecordedMessage, among: readonly RecordedMessage[]): string {
    const replyId = metadata[metadataKeys.replyId];
    const command = among.find((each) => replyId && each.metadata[metadataKeys.commandId] === replyId);
    const isAnswer = command?.metadata[metadataKeys.commandReplyChannel] === subject;
    const handlers = this.#taken.filter(
      (taken) => isAnswer && taken.name === command.name && taken.address === command.subject,
    );
    const senders = this.#sent.filter(
      (sent) =>
        sent.name === name &&
        (sent.address === subject ||
          (sent.address === null && handlers.some(({ context }) => context === sent.context))),
    );
    const [only, other] = senders;
    return only && !other ? `${only.context} ${name}` : '';
  }
}

/** The payload in JSON, each field told. @throws AssertionError for fields that its type does not know */
function decoded(type: string, payload: Uint8Array): unknown {
  const schema = descriptors().getMessage(type) ?? assert.fail(`${type} is no type of ours`);
  const message = fromBinary(schema, payload);
  assert.equal(message.$unknown, undefined, `${type} has no unknown fields`);
  return toJson(schema, message, { alwaysEmitImplicit: true });
}

function listed(context: string, document: AsyncApiDocument, action: 'send' | 'receive'): Listed[] {
  return Object.values(document.operations)
    .filter((operation) => operation.action === action)
    .flatMap(({ channel, messages }) => {
      const address = document.channels[lastOf(channel.$ref)]?.address;
      return messages.map(({ $ref }) => ({ context, name: lastOf($ref), address }));
    });
}

function lastOf(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}
