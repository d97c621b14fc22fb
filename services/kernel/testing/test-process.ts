import assert from 'node:assert/strict';
import pg from 'pg';
import { pino } from 'pino';
import { freshDatabase, testServers, uniqueName } from '../../../containers/embedded/test-servers.ts';
import {
  type CommandDefinition,
  channels,
  type MessageDefinition,
  messages,
  metadataKeys,
  type ReplyDefinition,
} from '../../../proto/catalogue.ts';
import { MallError } from '../domain/index.ts';
import { type ContextModule, type StrictRules, startProcess } from '../lifecycle/index.ts';
import { type MessagingLimits, newId } from '../messaging/index.ts';
import { type RemoteMethod, RpcChannels } from '../rpc/index.ts';
import type { TracingSettings } from '../telemetry/index.ts';
import { eventually } from './eventually.ts';
import { type RecordedMessage, StreamRecorder } from './stream-recorder.ts';

export interface TestProcessOptions {
  /** Shares servers, database and stream with a process started before, which must be stopped after this one. */
  readonly beside?: TestProcess;
  /** Where other contexts listen, by logical name such as `STORES`; those not named are in this process. */
  readonly services?: Readonly<Record<string, string>>;
  readonly limits?: Partial<MessagingLimits>;
  readonly strict?: StrictRules;
  /** Switches authentication on. */
  readonly authSecret?: string;
  /** Switches tracing on. */
  readonly tracing?: TracingSettings;
}

/** Many streams share a test's broker, which refuses one that could outgrow its disk. */
const TEST_LIMITS: Partial<MessagingLimits> = { streamMaxBytes: 64 * 1024 ** 2 };

/** Starts contexts as one process, on a database and a stream of their own. Stop it in `after`. */
export async function startTestProcess(
  modules: readonly ContextModule[],
  options: TestProcessOptions = {},
): Promise<TestProcess> {
  const ground = options.beside?.ground ?? (await prepareGround());
  const ownsGround = options.beside === undefined;
  const running = await startProcess(
    {
      modules,
      databaseUrl: () => ground.databaseUrl,
      natsUrl: ground.natsUrl,
      natsStream: ground.stream,
      host: '127.0.0.1',
      restPort: 0,
      grpcPort: 0,
      logger: pino({ level: 'silent' }),
      limits: { ...TEST_LIMITS, ...options.limits },
      ...(options.services && { services: options.services }),
      ...(options.strict && { strict: options.strict }),
      authSecret: options.authSecret,
      tracing: options.tracing,
    },
    () => undefined,
  ).catch(async (error: unknown) => {
    if (ownsGround) await ground.remove();
    throw error;
  });
  const recorder = await StreamRecorder.open(ground.natsUrl, ground.stream);
  const stop = async () => {
    await running.stop();
    await recorder.close({ deleteStream: ownsGround });
    if (ownsGround) await ground.remove();
  };
  return new TestProcess({ ...running, stop }, ground, recorder);
}

/** What a process stands on: database and stream, removed with the process that made them. */
interface Ground {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly stream: string;
  remove(): Promise<void>;
}

async function prepareGround(): Promise<Ground> {
  const servers = await testServers();
  const database = await freshDatabase(servers.postgresUrl);
  return {
    databaseUrl: database.url,
    natsUrl: servers.natsUrl,
    stream: uniqueName('mall'),
    remove: async () => {
      await database.drop();
      await servers.stop();
    },
  };
}

/** What a REST call was answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** For comparison: `200`, or status and text of a refusal as in `404 store with that ID does not exist`. */
  readonly told: string;
}

/** What a command was answered. */
export interface Reply extends RecordedMessage {
  /** For comparison: `SUCCESS`, or outcome, code and text as in `FAILURE NOT_FOUND: no such list`. */
  readonly told: string;
}

export class TestProcess {
  readonly restUrl: string;
  readonly grpcAddress: string;
  readonly stop: () => Promise<void>;
  /** For `beside`. */
  readonly ground: Ground;
  readonly #recorder: StreamRecorder;
  readonly #channels: RpcChannels;

  constructor(
    running: { restUrl: string; grpcAddress: string; stop(): Promise<void> },
    ground: Ground,
    recorder: StreamRecorder,
  ) {
    this.restUrl = running.restUrl;
    this.grpcAddress = running.grpcAddress;
    this.ground = ground;
    this.#recorder = recorder;
    this.#channels = new RpcChannels(() => running.grpcAddress);
    this.stop = async () => {
      this.#channels.close();
      await running.stop();
    };
  }

  /** Calls the REST door. */
  async rest(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.restUrl}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    });
    const text = await response.text();
    const json: unknown = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
    const message = field(json, 'message');
    return {
      status: response.status,
      body: json,
      told: message === undefined ? `${response.status}` : `${response.status} ${message}`,
    };
  }

  /** Creates something through the REST door and answers its id. */
  async created(path: string, body: unknown): Promise<string> {
    const answer = await this.rest('POST', path, body);
    const id = field(answer.body, 'id');
    assert.equal(answer.told, '200');
    assert.ok(typeof id === 'string' && id !== '', 'the answer has an id');
    return id;
  }

  /** Calls the gRPC door. @throws MallError as the server told it; see {@link refusalOf} */
  call<Request, Response>(method: RemoteMethod<Request, Response>, request: Request): Promise<Response> {
    return this.#channels.call('', method, request);
  }

  /** Publishes a message as a foreign program would; the same id again is a repeat. Answers the id. */
  async publish<Payload>(
    definition: MessageDefinition<Payload>,
    payload: Payload,
    { id = newId(), metadata = {} }: { id?: string; metadata?: Readonly<Record<string, string>> } = {},
  ): Promise<string> {
    await this.#recorder.publish(definition, payload, { id, metadata });
    return id;
  }

  /** Publishes a reply to the create-order saga. Answers the message's id. */
  async reply<Payload>(
    definition: ReplyDefinition<Payload>,
    payload: Payload,
    metadata: Readonly<Record<string, string>>,
  ): Promise<string> {
    const id = newId();
    await this.#recorder.publish(definition, payload, { id, metadata, channel: channels.createOrderReplies });
    return id;
  }

  /** Sends a command as the saga does and awaits its reply. */
  async command<Payload>(
    definition: CommandDefinition<Payload>,
    payload: Payload,
    { sagaId = newId() }: { sagaId?: string } = {},
  ): Promise<Reply> {
    const commandId = newId();
    const metadata = {
      [metadataKeys.commandReplyChannel]: `${this.ground.stream}.cosec.replies.Test`,
      [metadataKeys.commandSagaId]: sagaId,
      [metadataKeys.commandSagaName]: 'cosec.Test',
      [metadataKeys.commandId]: commandId,
    };
    await this.publish(definition, payload, { metadata });
    const reply = await eventually(() => {
      const found = this.#recorder.messages.find((each) => each.metadata[metadataKeys.replyId] === commandId);
      assert.ok(found, `${definition.name} is answered`);
      return found;
    });
    const outcome = reply.metadata[metadataKeys.replyOutcome];
    const code = reply.metadata[metadataKeys.replyErrorCode];
    const text = reply.metadata[metadataKeys.replyErrorMessage];
    const failed = reply.name === messages.am.failure.name;
    return { ...reply, told: failed ? `${outcome} ${code}: ${text}` : `${outcome}` };
  }

  /** Every message in the stream so far, the first one first. */
  recorded(): readonly RecordedMessage[] {
    return this.#recorder.messages;
  }

  /** All messages of a definition so far, the first one first, with what else the predicate demands. */
  published<Payload>(
    definition: MessageDefinition<Payload>,
    predicate: (payload: Payload, message: RecordedMessage) => boolean = () => true,
  ): readonly (RecordedMessage & { readonly content: Payload })[] {
    return this.#recorder.messages
      .filter((message) => message.name === definition.name)
      .map((message) => ({ ...message, content: definition.codec.decode(message.payload) }))
      .filter((message) => predicate(message.content, message));
  }

  /** The first message of a definition that the predicate takes, already there or still to come. */
  nextMessage<Payload>(
    definition: MessageDefinition<Payload>,
    predicate?: (payload: Payload, message: RecordedMessage) => boolean,
  ): Promise<RecordedMessage & { readonly content: Payload }> {
    return eventually(() => {
      const [message] = this.published(definition, predicate);
      assert.ok(message, `${definition.name} is published`);
      return message;
    });
  }

  /** Looks into the database: `schema.table` names as each context has them. */
  async rows(text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.ground.databaseUrl });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }
}

/** How a call was refused, for comparison: category and text as in `NOT_FOUND: no such list`; `OK` if it was not. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'OK';
  } catch (error) {
    if (error instanceof MallError) return `${error.category}: ${error.message}`;
    throw error;
  }
}

function field(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null
    ? Object.entries(json).find(([key]) => key === name)?.[1]
    : undefined;
}
