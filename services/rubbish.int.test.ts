import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import fc from 'fast-check';
import pg from 'pg';
import { pino } from 'pino';
import { z } from 'zod';
import { freshDatabase, testServers, uniqueName } from '../containers/embedded/test-servers.ts';
import { consumerGroups, contextNames } from '../proto/catalogue.ts';
import { descriptors } from '../proto/descriptors.ts';
import { restRoutes } from '../proto/rest-routes.ts';
import { startProcess } from './kernel/lifecycle/index.ts';
import { encodeData, encodeEnvelope } from './kernel/messaging/envelope.ts';
import { eventually } from './kernel/testing/index.ts';
import { mallModules } from './mall.ts';
import { bodies, leak, text, wire } from './testing/rubbish.ts';

/*
 * Rubbish at every door of a whole mall: nothing may crash, hang, be lost, or tell of its inside. MALL_RUBBISH_SEED
 * draws other rubbish, MALL_RUBBISH_ROUNDS more of it.
 */
const seed = Number(process.env.MALL_RUBBISH_SEED ?? 1);
const rounds = Number(process.env.MALL_RUBBISH_ROUNDS ?? 1);
/** A call's deadline, and some more. */
const answeredWithinMs = 12_000;
const atOnce = 16;

const idShape = z.object({ id: z.string().default('') });
const stream = uniqueName('rubbish');
let servers: Awaited<ReturnType<typeof testServers>>;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let mall: Awaited<ReturnType<typeof startProcess>>;

before(async () => {
  servers = await testServers();
  database = await freshDatabase(servers.postgresUrl);
  mall = await startProcess(
    {
      modules: mallModules(),
      databaseUrl: () => database.url,
      natsUrl: servers.natsUrl,
      natsStream: stream,
      host: '127.0.0.1',
      restPort: 0,
      grpcPort: 0,
      logger: pino({ level: 'silent' }),
      limits: { streamMaxBytes: 64 * 1024 ** 2, redeliveryDelaysMs: [20, 20] },
    },
    () => undefined,
  );
});
after(async () => {
  await mall?.stop();
  await database?.drop();
  await servers?.stop();
});

/** Runs work for each of the things, some at once. */
async function forEach<T>(things: readonly T[], work: (thing: T) => Promise<void>): Promise<void> {
  const left = [...things];
  const worker = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const drawn = <T>(arbitrary: fc.Arbitrary<T>, count: number) =>
  fc.sample(arbitrary, { seed, numRuns: count });

test('REST: whatever is sent is answered, with a refusal that is the sender’s fault and tells nothing else', async () => {
  const requests = restRoutes().flatMap((route) => {
    const fields = route.method.input.fields.flatMap(({ name, jsonName }) => [name, jsonName]);
    const count = 12 * rounds;
    const names = drawn(fc.array(text, { minLength: 3, maxLength: 3 }), count);
    return drawn(bodies([...fields, 'id']), count).map((body, index) => {
      const parameters = [...(names[index] ?? [])];
      const path = route.path.replaceAll(/\{\w+\}/g, () => inPath(parameters.pop() ?? ''));
      return { verb: route.verb, path, body: route.hasBody ? body : undefined };
    });
  });
  await forEach(requests, async ({ verb, path, body }) => {
    const response = await fetch(`${mall.restUrl}${path}`, {
      method: verb,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(answeredWithinMs),
    });
    const said = await response.text();
    const where = `${verb} ${path.slice(0, 200)} ${body?.slice(0, 200)}: ${response.status} ${said.slice(0, 300)}`;
    assert.ok(response.status < 500, where);
    if (response.status >= 400) assert.doesNotMatch(said, leak, where);
  });
});

test('gRPC: whatever is sent is answered, with a refusal that is the sender’s fault and tells nothing else', async () => {
  const client = new Client(mall.grpcAddress, credentials.createInsecure());
  const services = [...descriptors()].filter((each) => each.kind === 'service');
  const calls = services.flatMap(({ typeName, methods }) =>
    methods.flatMap(({ name }) =>
      drawn(wire, 12 * rounds).map((bytes) => ({ path: `/${typeName}/${name}`, bytes: Buffer.from(bytes) })),
    ),
  );
  const same = (bytes: Buffer) => bytes;
  try {
    await forEach(calls, async ({ path, bytes }) => {
      const error = await new Promise<ServiceError | null>((resolve) =>
        client.makeUnaryRequest(
          path,
          same,
          same,
          bytes,
          new Metadata(),
          { deadline: Date.now() + answeredWithinMs },
          resolve,
        ),
      );
      const where = `${path} ${bytes.toString('hex').slice(0, 200)}: ${error?.code} ${error?.details}`;
      const ours = [
        status.UNKNOWN,
        status.INTERNAL,
        status.DATA_LOSS,
        status.DEADLINE_EXCEEDED,
        status.UNAVAILABLE,
      ];
      assert.ok(error === null || !ours.includes(error.code), where);
      assert.doesNotMatch(error?.details ?? '', leak, where);
    });
  } finally {
    client.close();
  }
});

test('messages: each is taken, dropped or parked, none is lost, and none holds up those behind it', async () => {
  const connection = await connect({ servers: servers.natsUrl });
  try {
    const groups = Object.values(consumerGroups);
    const names = [...new Set(groups.flatMap(({ messages }) => messages.map(({ name }) => name)))];
    const sent = [...new Set(groups.map(({ channel }) => channel))].flatMap((channel) =>
      drawn(envelopes(names), 20 * rounds).map((bytes) => ({ subject: `${stream}.${channel}`, bytes })),
    );
    await forEach(sent, async ({ subject, bytes }) => {
      await jetstream(connection).publish(subject, bytes);
    });
    const manager = await jetstreamManager(connection);
    await eventually(
      async () => {
        for await (const { name, num_pending, num_ack_pending } of manager.consumers.list(stream)) {
          assert.deepEqual([name, num_pending, num_ack_pending], [name, 0, 0]);
        }
      },
      { withinMs: 60_000 },
    );
  } finally {
    await connection.close();
  }
});

test('after all of it the mall sells as before, and every outbox is empty', async () => {
  const asked = async (method: string, path: string, body: unknown) => {
    const response = await fetch(`${mall.restUrl}${path}`, { method, body: JSON.stringify(body) });
    const answer = idShape.parse(await response.json());
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer.id;
  };
  const storeId = await asked('POST', '/api/stores', { name: 'Sound', location: 'here' });
  const product = { name: 'Sound', sku: 's', price: 1 };
  const productId = await asked('POST', `/api/stores/${storeId}/products`, product);
  const customerId = await asked('POST', '/api/customers', { name: 'Sound', smsNumber: '555-1212' });
  const basketId = await asked('POST', '/api/baskets', { customerId });
  await asked('PUT', `/api/baskets/${basketId}/addItem`, { productId, quantity: 1 });
  const paymentId = await asked('POST', '/api/payments', { customerId, amount: 1 });
  await asked('PUT', `/api/baskets/${basketId}/checkout`, { paymentId });
  await eventually(async () => {
    const response = await fetch(`${mall.restUrl}/api/ordering/${basketId}`);
    assert.match(await response.text(), /"status":"approved"/);
  });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await eventually(async () => {
      for (const context of contextNames) {
        const { rows } = await client.query(
          `SELECT id FROM ${context}.outbox WHERE published_at IS NULL OR quarantined_at IS NOT NULL`,
        );
        assert.deepEqual(rows, [], context);
      }
    });
  } finally {
    await client.end();
  }
});

/** An envelope that is none, or of a known name with anything in it. */
function envelopes(names: readonly string[]): fc.Arbitrary<Uint8Array> {
  const envelope = fc
    .tuple(fc.uuid(), fc.constantFrom(...names), wire, fc.dictionary(text, text, { maxKeys: 3 }))
    .map(([id, name, payload, metadata]) =>
      encodeEnvelope({ id, name, data: encodeData(payload, new Date(0)), metadata, sentAt: new Date(0) }),
    );
  return fc.oneof({ weight: 4, arbitrary: envelope }, wire);
}

/** As a path may hold it; half characters as bytes that are no UTF-8. */
function inPath(parameter: string): string {
  return parameter.isWellFormed() ? encodeURIComponent(parameter) : '%ED%A0%80';
}
