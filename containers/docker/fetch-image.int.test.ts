import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testFolder } from '../embedded/test-folder.ts';
import { DockerEngine } from './engine.ts';
import { fetchImage, ImageUnavailable } from './fetch-image.ts';

const folder = testFolder();
const image = 'mirror.example/hub/postgres:18';

/** An engine as far as fetching goes: `pull` answers the request for the image, which is there afterwards or not. */
async function engineThat(
  pull: (response: ServerResponse, request: IncomingMessage) => void,
  { succeeds }: { succeeds: boolean },
): Promise<DockerEngine> {
  let pulled = false;
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      pulled = succeeds;
      return pull(response, request);
    }
    response.writeHead(pulled ? 200 : 404).end(JSON.stringify({ message: 'No such image' }));
  });
  const socketPath = join(folder, `${process.hrtime.bigint()}.sock`);
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  after(() => server.close().closeAllConnections());
  return new DockerEngine({ dockerHost: `unix://${socketPath}`, connection: { socketPath } });
}

function fetchFrom(engine: DockerEngine, onProgress: (share: number) => void = () => undefined) {
  return fetchImage({ engine, image, onProgress, signal: new AbortController().signal });
}

async function refusalOf(engine: DockerEngine): Promise<ImageUnavailable> {
  try {
    await fetchFrom(engine);
  } catch (error) {
    assert.ok(error instanceof ImageUnavailable);
    return error;
  }
  assert.fail('the image was fetched');
}

function line(content: object): string {
  return `${JSON.stringify(content)}\n`;
}

test('an image is asked for by its whole name; the share of what has come is told', async () => {
  const shares: number[] = [];
  let asked = '';
  const layer = (id: string, current: number) =>
    line({ id, status: 'Downloading', progressDetail: { current, total: 100 } });
  const engine = await engineThat(
    (response, request) => {
      asked = request.url ?? '';
      const told =
        layer('a', 20) + layer('b', 40) + layer('a', 100) + line({ id: 'a', status: 'Pull complete' });
      // In pieces that end in the middle of a line.
      for (let at = 0; at < told.length; at += 50) response.write(told.slice(at, at + 50));
      response.end();
    },
    { succeeds: true },
  );
  assert.equal(await fetchFrom(engine, (share) => shares.push(share)), true);
  assert.equal(asked, `/images/create?fromImage=${encodeURIComponent(image)}`);
  assert.deepEqual(shares, [0.1, 0.15, 0.35, 0.6]);
  assert.equal(await fetchFrom(engine), false);
});

test('a registry that refuses is told with its reason and the way out', async () => {
  const engine = await engineThat(
    (response) => response.writeHead(500).end(line({ message: 'no such host' })),
    { succeeds: false },
  );
  const refusal = await refusalOf(engine);
  assert.equal(refusal.message, `The image ${image} cannot be had.`);
  assert.match(String(refusal.cause), /no such host/);
  assert.match(refusal.next ?? '', /check that mirror\.example can be reached.*`mall up --infra embedded`/);
});

test('a refusal in the middle of the answer is one as well; a rate limit has a way out of its own', async () => {
  const engine = await engineThat(
    (response) => response.end(line({ status: 'Pulling' }) + line({ error: 'toomanyrequests: slow down' })),
    { succeeds: false },
  );
  assert.match((await refusalOf(engine)).next ?? '', /`docker login` for a higher limit/);
});

test('an answer that breaks off leaves no image behind', async () => {
  const engine = await engineThat((response) => response.end(line({ status: 'Pulling' })), {
    succeeds: false,
  });
  assert.match(String((await refusalOf(engine)).cause), /stopped before it had all of it/);
});
