import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { contextNames } from '../../proto/contexts.ts';
import { restRoutes } from '../../proto/rest-routes.ts';
import { eventually } from '../../services/kernel/testing/index.ts';
import { type MallApart, startApart } from '../../services/testing/apart.ts';
import { freePort } from '../embedded/index.ts';
import { testFolder } from '../embedded/test-folder.ts';

const configuration = readFileSync(new URL('nginx.conf', import.meta.url), 'utf8');
const locations = [...configuration.matchAll(/location (\/\S*) \{ set \$upstream (\S+); proxy_pass/g)].map(
  ([, prefix = '', upstream = '']) => ({ prefix, upstream }),
);

/** Where nginx sends a path: to the location with the longest prefix. */
function upstreamOf(path: string): string {
  const [found] = locations
    .filter(({ prefix }) => path.startsWith(prefix))
    .sort((one, other) => other.prefix.length - one.prefix.length);
  assert.ok(found, path);
  return found.upstream;
}

test('every REST route goes to the context that has it', () => {
  for (const { path, service } of restRoutes()) {
    const [context] = service.file.name.split('/');
    assert.equal(upstreamOf(path), `http://${context}:8080`, path);
  }
});

test('every page and document, health and metrics go to the gateway', () => {
  const pages = contextNames.flatMap((name) => [`/${name}-spec/`, `/${name}-asyncapi/asyncapi.json`]);
  const others = [
    '/',
    '/swagger-ui/mall.css',
    '/asyncapi/',
    '/traces/',
    '/readiness',
    '/liveness',
    '/metrics',
  ];
  for (const path of [...pages, ...others]) assert.equal(upstreamOf(path), 'http://gateway:8080', path);
});

const nginx = ['nginx', '/usr/sbin/nginx'].find((command) => spawnSync(command, ['-v']).status === 0);

describe('nginx itself, before a mall whose contexts run apart', {
  skip: nginx === undefined && 'no nginx here',
}, () => {
  let apart: MallApart;
  let proxy: string;
  let stopNginx: () => Promise<void>;
  before(async () => {
    if (nginx === undefined) return;
    apart = await startApart();
    const port = await freePort();
    proxy = `http://127.0.0.1:${port}`;
    stopNginx = await startNginx(nginx, port, apart);
  });
  after(async () => {
    await stopNginx?.();
    await apart?.stop();
  });

  test('routes, pages and refusals come through as they are', async () => {
    await eventually(async () => assert.equal((await fetch(`${proxy}/readiness`)).status, 200));
    const paths = [
      '/',
      '/stores-spec/openapi.json',
      '/asyncapi/',
      '/api/stores',
      '/api/stores/nothing',
      '/nowhere',
    ];
    for (const path of paths) {
      const [through, direct] = await Promise.all([
        fetch(`${proxy}${path}`),
        fetch(`${apart.restUrl}${path}`),
      ]);
      assert.equal(through.status, direct.status, path);
      assert.equal(await through.text(), await direct.text(), path);
    }
    const created = await fetch(`${proxy}/api/stores`, {
      method: 'POST',
      body: '{"name":"A","location":"B"}',
    });
    assert.equal(created.status, 200);
  });

  test('a service that is away is told as the gateway tells it, and found again', async () => {
    await apart.stopContext('stores');
    const away = await fetch(`${proxy}/api/stores`);
    assert.equal(away.status, 503);
    assert.deepEqual(await away.json(), {
      code: 14,
      message: 'the service does not answer at the moment',
      details: [],
    });
    await apart.startContext('stores');
    await eventually(async () => assert.equal((await fetch(`${proxy}/api/stores`)).status, 200));
  });
});

/** With its names and port in the place of those of the compose network. */
async function startNginx(command: string, port: number, { doors, restUrl }: MallApart) {
  const folder = testFolder();
  const addresses = new Map([
    ...doors.map(({ name, restUrl: url }) => [name, url] as const),
    ['gateway', restUrl],
  ]);
  const own = configuration
    .replaceAll(/http:\/\/(\w+):8080/g, (_, name: string) => addresses.get(name) ?? '')
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replaceAll('/tmp/', `${folder}/`)
    .replaceAll(/\/dev\/std(out|err)/g, `${folder}/$1.log`);
  const path = join(folder, 'nginx.conf');
  writeFileSync(path, own);
  const child = spawn(command, ['-c', path, '-p', folder, '-e', 'stderr', '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  await eventually(() => assert.ok(existsSync(join(folder, 'nginx.pid'))));
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}
