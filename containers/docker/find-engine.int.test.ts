import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testFolder } from '../embedded/test-folder.ts';
import { DockerEngine } from './engine.ts';
import { findEngine } from './find-engine.ts';

const home = testFolder();

async function serve(name: string, answer: RequestListener): Promise<string> {
  const socket = join(home, name);
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  after(() => server.close().closeAllConnections());
  return `unix://${socket}`;
}

const find = (environment: NodeJS.ProcessEnv) => findEngine({ environment, home, platform: 'linux' });

test('an engine that answers its ping is used', async () => {
  const DOCKER_HOST = await serve('well.sock', (_, response) => response.end('OK'));
  assert.ok((await find({ DOCKER_HOST })) instanceof DockerEngine);
});

test('the context of the docker command names the engine', async () => {
  const host = await serve('context.sock', (_, response) => response.end('OK'));
  const folder = join(home, '.docker/contexts/meta', createHash('sha256').update('colima').digest('hex'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ currentContext: 'colima' }));
  writeFileSync(join(folder, 'meta.json'), JSON.stringify({ Endpoints: { docker: { Host: host } } }));
  const engine = await find({});
  assert.ok(engine instanceof DockerEngine);
  assert.equal(engine.address.dockerHost, host);
});

test('an engine that hangs is given up within a second or so', async () => {
  const DOCKER_HOST = await serve('hung.sock', () => undefined);
  const begun = performance.now();
  const engine = await find({ DOCKER_HOST });
  assert.ok('complaint' in engine && engine.expected);
  assert.match(engine.complaint, /hung\.sock does not answer/);
  assert.ok(performance.now() - begun < 5_000);
});

test('an engine that is not there is told by its address', async () => {
  const engine = await find({ DOCKER_HOST: `unix://${home}/away.sock` });
  assert.ok('complaint' in engine && engine.expected);
  assert.match(engine.complaint, /away\.sock does not answer \(ENOENT\)/);
});
