import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { GenericContainer, Wait } from 'testcontainers';
import { purchase } from '../../cli/testing/purchase.ts';
import { officialImages } from '../docker/images.ts';
import { folderLabel, removeContainers } from '../docker/mall-containers.ts';
import { setUpTestcontainers } from '../docker/testcontainers-setup.ts';
import { askEngine, engineUnderTest } from '../docker/testing/engine-under-test.ts';
import { freePort } from '../embedded/index.ts';
import { testFolder } from '../embedded/test-folder.ts';
import { freshDatabase, testServers, uniqueName } from '../embedded/test-servers.ts';

/** Packages are installed and code is compiled, with others at work beside it. */
const buildWithinMs = 10 * 60_000;

/** Stages leave images without a name; by this they are found again. */
const stageLabel = 'mall.image-test';
const ofStages = encodeURIComponent(JSON.stringify({ label: [stageLabel], dangling: ['true'] }));

const root = fileURLToPath(new URL('../../', import.meta.url));
const dockerfile = readFileSync(new URL('Dockerfile', import.meta.url), 'utf8');
const ignore = readFileSync(new URL('Dockerfile.dockerignore', import.meta.url), 'utf8');
const [, nodeImage = ''] = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile) ?? [];

const { engine, skip } = await engineUnderTest(nodeImage);
const folder = testFolder();
after(async () => {
  if (engine !== undefined) await removeContainers(engine, folder);
});

/**
 * What the classic builder wants, which every engine has: it knows no frontends and no platform to build on, and
 * looks for the patterns of what is left out in the context itself.
 */
function contextForClassicBuilder(): string {
  const context = join(folder, 'context');
  const wanted = [...ignore.matchAll(/^!(\S+)$/gm)].map(([, name = '']) => name);
  for (const name of wanted) {
    const filter = (path: string) => !path.includes('/node_modules');
    cpSync(join(root, name), join(context, name), { recursive: true, filter });
  }
  writeFileSync(join(context, '.dockerignore'), `${ignore}!Dockerfile\n`);
  const plain = dockerfile
    .replace(/^# syntax=.*\n/, '')
    .replaceAll('--platform=$BUILDPLATFORM ', '')
    .replace(/ AS dependencies\n/, ` AS dependencies\nLABEL ${stageLabel}=true\n`);
  writeFileSync(join(context, 'Dockerfile'), plain);
  return context;
}

test('the image of the mall is built, sells, runs as nobody in particular, and stops in order', {
  skip,
  timeout: buildWithinMs,
}, async () => {
  assert.ok(engine);
  await setUpTestcontainers(engine, officialImages.reaper);
  const name = `mall.test/${uniqueName('mall')}:1`;
  const image = await GenericContainer.fromDockerfile(contextForClassicBuilder()).build(name);
  const servers = await testServers();
  const database = await freshDatabase(servers.postgresUrl);
  const [port, grpcPort] = [await freePort(), await freePort()];
  try {
    const mall = await image
      .withNetworkMode('host')
      .withEnvironment({
        MALL_POSTGRES_URL: database.url,
        MALL_NATS_URL: servers.natsUrl,
        MALL_NATS_STREAM: uniqueName('image'),
        MALL_HOST: '127.0.0.1',
        MALL_PORT: String(port),
        MALL_GRPC_PORT: String(grpcPort),
      })
      .withLabels({ [folderLabel]: folder })
      .withWaitStrategy(Wait.forHealthCheck())
      .start();
    assert.equal((await mall.exec(['id', '-u'])).output.trim(), '1000');
    await purchase(`http://127.0.0.1:${port}`);
    await engine.stop(mall.getId(), 10);
    assert.equal(await engine.exitCode(mall.getId(), AbortSignal.timeout(10_000)), 0);
  } finally {
    await removeContainers(engine, folder);
    await askEngine(engine, 'DELETE', `/images/${name}`);
    await askEngine(engine, 'POST', `/images/prune?filters=${ofStages}`);
    await database.drop();
    await servers.stop();
  }
});
