import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { SearchServiceService } from '../../../proto/gen/search/api.ts';
import { RpcServer } from './server.ts';
import { rpcService } from './service.ts';
import { StandardServices } from './standard-services.ts';

const standard = new StandardServices();
let server: RpcServer;
let client: Client;

before(async () => {
  const limits = { callDeadlineMs: 5_000, maxMessageBytes: 1_000 };
  server = new RpcServer({ host: '127.0.0.1', port: 0, limits });
  const service = rpcService(SearchServiceService, {
    getOrder: async () => ({ order: undefined }),
    searchOrders: async () => ({ orders: [], next: '' }),
  });
  server.add(service({ report: () => undefined }));
  standard.addTo(server);
  await server.listen();
  client = new Client(server.address, credentials.createInsecure());
});
after(async () => {
  client.close();
  await server.close(100);
});

const asIs = (bytes: Buffer) => bytes;

/** The health of a service, asked as an orchestrator does: `1` is SERVING, `2` is NOT_SERVING. */
function health(service: string): Promise<number | string | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | string | undefined>();
  const request = Buffer.from(new BinaryWriter().tag(1, 2).string(service).finish());
  client.makeUnaryRequest('/grpc.health.v1.Health/Check', asIs, asIs, request, (error, answer) =>
    resolve(error ? status[error.code] : answer?.at(1)),
  );
  return promise;
}

test('health tells whether the process is serving', async () => {
  assert.equal(await health(''), 2);
  standard.serving(true);
  assert.equal(await health(''), 1);
  standard.serving(false);
  assert.equal(await health(''), 2);
  assert.equal(await health('no.such.Service'), 'NOT_FOUND');
});

for (const version of ['v1', 'v1alpha']) {
  test(`reflection ${version} lists the services that run here, and none of the others we could have`, async () => {
    assert.deepEqual(await reflectedServices(version), ['searchpb.SearchService']);
  });
}

/** Asks as grpcurl does: `list_services` is field 7 of the request, its response field 6, each name 1 in 1. */
async function reflectedServices(version: string): Promise<string[]> {
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  const stream = client.makeBidiStreamRequest(path, asIs, asIs, new Metadata());
  stream.end(Buffer.from(new BinaryWriter().tag(7, 2).string('*').finish()));
  const answers = await stream.toArray();
  return answers
    .flatMap((answer) => fields(6, answer))
    .flatMap((response) => fields(1, response))
    .flatMap((service) => fields(1, service))
    .map((name) => Buffer.from(name).toString());
}

/** The values of a length-delimited field, in order. */
function fields(number: number, bytes: Uint8Array): Uint8Array[] {
  const reader = new BinaryReader(bytes);
  const values: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [no, type] = reader.tag();
    if (no === number && type === 2) values.push(reader.bytes());
    else reader.skip(type, no);
  }
  return values;
}
