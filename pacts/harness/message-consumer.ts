import type { JsonValue } from '@bufbuild/protobuf';
import { MatchersV3, Pact } from '@pact-foundation/pact';
import {
  type ConsumerGroup,
  type ContextName,
  type MessageDefinition,
  metadataKeys,
} from '../../proto/catalogue.ts';
import type { TestProcess } from '../../services/kernel/testing/index.ts';
import { contractStream, descriptionOf, pacticipant } from '../contracts.ts';
import { writtenPactsFolder } from './folders.ts';
import { fieldNumbers, payloadBytes } from './payload-json.ts';

const { regex, reify } = MatchersV3;

/** A value of a contract: itself, where nothing else will do, or a matcher with an example. */
export type Expected =
  | string
  | number
  | boolean
  | null
  | MatchersV3.Matcher<unknown>
  | readonly Expected[]
  | { readonly [name: string]: Expected };

/** A state the provider is in, with what it is about: `['a store exists', { id: 'store-id' }]`. */
export type Given = readonly [state: string, about?: Readonly<Record<string, JsonValue>>];

/** What a consumer expects of a message. */
export interface ExpectedMessage {
  /** What has happened at the provider before, and what the message tells of. */
  readonly given: readonly Given[];
  /** The fields the consumer reads, and no others; null for no payload. */
  readonly payload: Readonly<Record<string, Expected>> | null;
  /** The headers the consumer reads, beside those that all read. */
  readonly headers?: Readonly<Record<string, string | MatchersV3.Matcher<string>>>;
}

/** Headers that only the test knows, such as the id of the command that a reply answers. */
export type Overrides = Readonly<Record<string, string>>;

/** The contracts of one consumer group with one publisher. */
export class MessageContracts {
  readonly #group: ConsumerGroup;
  readonly #publisher: ContextName;
  readonly #mall: TestProcess;

  constructor(mall: TestProcess, group: ConsumerGroup, publisher: ContextName) {
    this.#mall = mall;
    this.#group = group;
    this.#publisher = publisher;
  }

  /**
   * Adds a message to the contract once `takes` has seen the context take it: `publish` has its bytes published to
   * the context's real stream, with nothing in them but what the contract promises.
   */
  async receives<Payload>(
    message: MessageDefinition<Payload>,
    expected: ExpectedMessage,
    takes: (publish: (overrides?: Overrides) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const pact = new Pact({
      consumer: pacticipant.subscriber(this.#group.context),
      provider: pacticipant.publisher(this.#publisher),
      dir: writtenPactsFolder(),
      logLevel: 'error',
    });
    const interaction = pact.addAsynchronousInteraction();
    for (const [state, about] of expected.given) interaction.given(state, about && { ...about });
    await interaction
      .expectsToReceive(descriptionOf(message), (builder) => {
        builder.withJSONContent({
          Name: message.name,
          ...(expected.payload && { Payload: expected.payload }),
        });
        builder.withMetadata({
          contentType: 'application/json',
          subject: `${contractStream}.${this.#group.channel}`,
          name: message.name,
          // The inbox tells a repeat by it.
          id: regex('.+', 'message-id'),
          ...expected.headers,
          ...fieldNumbers(message.type, reify<JsonValue>(expected.payload)),
        });
      })
      .executeTest(({ contents, metadata }) =>
        takes((overrides) =>
          this.#publish(message, payloadOf(contents.content), { ...headersOf(metadata), ...overrides }),
        ),
      );
  }

  async #publish<Payload>(
    message: MessageDefinition<Payload>,
    json: JsonValue,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const payload = message.codec.decode(payloadBytes(message.type, json));
    if (message.kind === 'reply') await this.#mall.reply(message, payload, headers);
    else await this.#mall.publish(message, payload, { metadata: headers });
  }
}

/** Contracts hold messages as the original's do: `{ Name, Payload }`. */
function payloadOf(content: JsonValue | Buffer): JsonValue {
  const isObject = typeof content === 'object' && content !== null && 'Payload' in content;
  return isObject && !Buffer.isBuffer(content) && !Array.isArray(content) ? (content.Payload ?? null) : null;
}

const headerKeys: ReadonlySet<string> = new Set(Object.values(metadataKeys));

/** Of a contract's metadata those that travel as headers of the envelope. */
function headersOf(metadata: object): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [key, value] of Object.entries(metadata)) {
    if (headerKeys.has(key)) headers[key] = String(value);
  }
  return headers;
}
