import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { JsonValue } from '@bufbuild/protobuf';
import { type ContextName, messageNamed } from '../../proto/catalogue.ts';
import { eventually, type RecordedMessage, type TestProcess } from '../../services/kernel/testing/index.ts';
import { contractStream } from '../contracts.ts';
import { fieldNumbers, payloadJson } from './payload-json.ts';

/** A message as a contract sees it. */
export interface ProducedMessage {
  readonly payload: JsonValue;
  readonly metadata: Record<string, string>;
}

/** Longer than a message takes to the stream on a busy machine; one that is not there by then does not come. */
const PUBLISHED_WITHIN_MS = 10_000;

/**
 * The ground of one interaction: the real contexts, and what their ids are called in the contract. A contract says
 * `store-id` where the context has made an id of its own; states call each id by its name, and messages are shown
 * with the names in place of the ids, so that the right id in the wrong field does not match.
 */
export class Stage {
  readonly mall: TestProcess;
  readonly #context: ContextName;
  readonly #ids = new Map<string, string>();
  readonly #before: ReadonlySet<string>;

  /** @param context whose messages the interaction is about */
  constructor(mall: TestProcess, context: ContextName) {
    this.mall = mall;
    this.#context = context;
    this.#before = new Set(mall.recorded().map(({ id }) => id));
  }

  /** Calls an id by its name in the contract. */
  call(name: string, id: string): string {
    this.#ids.set(name, id);
    return id;
  }

  /** An id that nobody has yet, under its name in the contract; the same one when asked again. */
  id(name: string): string {
    return this.#ids.get(name) ?? this.call(name, `${name}-${randomUUID()}`);
  }

  /** All ids by their names, for the requests of HTTP contracts. */
  get ids(): Record<string, string> {
    return Object.fromEntries(this.#ids);
  }

  /** The last message of this name that this interaction has had published, with names for ids. */
  async message(name: string): Promise<ProducedMessage> {
    const found = await eventually(
      async () => {
        await this.#allIsPublished();
        const published = this.mall.recorded().filter((message) => this.#isOurs(message));
        const last = published.findLast((message) => message.name === name);
        const others = published.map((message) => message.name).join(', ') || 'nothing';
        assert.ok(last, `${name} is not published; what is published: ${others}`);
        return last;
      },
      { withinMs: PUBLISHED_WITHIN_MS },
    );
    const type = messageNamed(name)?.type;
    return {
      payload: this.#named(payloadJson(type, found.payload)),
      metadata: { ...this.#metadata(found), ...fieldNumbers(type) },
    };
  }

  /** What has been committed is in the stream, and read: an earlier message of the same name is not taken for the last. */
  async #allIsPublished(): Promise<void> {
    const [row] = await this.mall.rows(
      `SELECT count(*) FILTER (WHERE published_at IS NULL)::int AS waiting, max(stream_sequence)::int AS last
       FROM ${this.#context}.outbox`,
    );
    assert.equal(row?.waiting, 0, 'messages wait in the outbox');
    const read = this.mall.recorded().at(-1)?.sequence ?? 0;
    assert.ok(read >= Number(row?.last ?? 0), 'messages of the stream are not read yet');
  }

  /** New, and about something of this interaction: an earlier one's message may come late. */
  #isOurs(message: RecordedMessage): boolean {
    if (this.#before.has(message.id)) return false;
    const text = JSON.stringify(message.metadata) + Buffer.from(message.payload).toString('latin1');
    return this.#ids.values().some((id) => text.includes(id));
  }

  #metadata(message: RecordedMessage): Record<string, string> {
    const prefix = `${this.mall.ground.stream}.`;
    const ofContract = (text: string) =>
      text.startsWith(prefix) ? `${contractStream}.${text.slice(prefix.length)}` : text;
    const headers = Object.entries(message.metadata).map(([key, value]) => [
      key,
      this.#nameOf(ofContract(value)),
    ]);
    return {
      ...Object.fromEntries(headers),
      contentType: 'application/json',
      subject: ofContract(message.subject),
      name: message.name,
      id: message.id,
      occurredAt: message.occurredAt?.toISOString() ?? '',
    };
  }

  #named(value: JsonValue): JsonValue {
    if (typeof value === 'string') return this.#nameOf(value);
    if (Array.isArray(value)) return value.map((each) => this.#named(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#named(each)]));
  }

  #nameOf(text: string): string {
    for (const [name, id] of this.#ids) if (id === text) return name;
    return text;
  }
}
