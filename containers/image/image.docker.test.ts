import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { GenericContainer, Wait } from 'testcontainers';
import { z } from 'zod';
import { eventually } from '../../services/kernel/testing/index.ts';
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

const answer = z.record(z.string(), z.unknown());

interface Shop {
  call(method: string, path: string, body?: unknown): Promise<z.output<typeof answer>>;
}

function shopAt(url: string): Shop {
  return {
    async call(method, path, body) {
      const response = await fetch(`${url}${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      assert.equal(response.status, 200, `${method} ${path}: ${await response.clone().text()}`);
      return answer.parse(await response.json());
    },
  };
}

async function purchase({ call }: Shop): Promise<unknown> {
  const { id: storeId } = await call('POST', '/api/stores', { name: 'Waldorf Books', location: 'the mall' });
  const product = { name: 'Wizard', sku: 'wizard', price: 9.99 };
  const { id: productId } = await call('POST', `/api/stores/${storeId}/products`, product);
  const customer = { name: 'Kermit', smsNumber: '555-555-1212' };
  const { id: customerId } = await call('POST', '/api/customers', customer);
  const { id: orderId } = await call('POST', '/api/baskets', { customerId });
  await call('PUT', `/api/baskets/${orderId}/addItem`, { productId, quantity: 2 });
  const { id: paymentId } = await call('POST', '/api/payments', { customerId, amount: 100 });
  await call('PUT', `/api/baskets/${orderId}/checkout`, { paymentId });
  return orderId;
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
    const shop = shopAt(`http://127.0.0.1:${port}`);
    const orderId = await purchase(shop);
    await eventually(async () => {
      const { order } = await shop.call('GET', `/api/ordering/${orderId}`);
      assert.match(JSON.stringify(order), /"status":"(approved|in-progress|ready|completed)"/i);
    });
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
