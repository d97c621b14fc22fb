import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import { becomesTrue, freePort, isAlive } from '../../../containers/embedded/index.ts';
import { contextNames } from '../../../proto/contexts.ts';
import { eventually } from '../../../services/kernel/testing/index.ts';
import { Shoppers } from '../../audit/testing/purchases.ts';
import { throughTheGateway } from '../../audit/testing/through-the-gateway.ts';
import { mallFolders } from '../../malls/folders.ts';
import { readState } from '../../malls/state.ts';
import { cliUnderTest } from '../../testing/cli-process.ts';

const psDocument = z.object({
  malls: z.array(
    z.object({
      pid: z.number().nullable(),
      health: z.string().nullable(),
      rest: z.string().nullable(),
      memoryBytes: z.number().nullable(),
      services: z.array(
        z.object({
          name: z.string(),
          phase: z.string(),
          pid: z.number().nullable(),
          restarts: z.number(),
          lastEnd: z.string().nullable(),
          health: z.string().nullable(),
        }),
      ),
    }),
  ),
});

const cli = cliUnderTest({ MALL_SILENCE_TIMEOUT: '6s' });
const ports = ['--port', String(await freePort()), '--grpc-port', String(await freePort())];
const asWanted = ['--infra', 'embedded', '--fast', ...ports];

async function up() {
  const { code, stderr } = await cli.run('up', ...asWanted, '--mode', 'microservices', '--detach');
  assert.equal(code, 0, stderr);
  return ps();
}

async function ps() {
  const { stdout } = await cli.run('ps', '--json');
  const [mall] = psDocument.parse(JSON.parse(stdout)).malls;
  assert.ok(mall?.pid && mall.rest);
  return { ...mall, pid: mall.pid, rest: mall.rest };
}

let storeId: string;

const names: readonly string[] = [...contextNames, 'gateway'];

test('nine services and the gateway are started and watched', async () => {
  const mall = await up();
  assert.equal(mall.health, 'ready');
  assert.deepEqual(
    mall.services.map(({ name, phase, restarts, health }) => [name, phase, restarts, health]),
    names.map((name) => [name, 'ready', 0, 'ready']),
  );

  const stores = mall.services.find(({ name }) => name === 'stores');
  assert.ok(stores?.pid);
  process.kill(stores.pid, 'SIGKILL');
  await eventually(async () => {
    const again = (await ps()).services.find(({ name }) => name === 'stores');
    assert.deepEqual([again?.phase, again?.restarts, again?.health], ['ready', 1, 'ready']);
    assert.notEqual(again?.pid, stores.pid);
  });
  const created = await fetch(`${mall.rest}/api/stores`, {
    method: 'POST',
    body: '{"name":"Waldorf","location":"here"}',
  });
  assert.equal(created.status, 200);
  storeId = z.object({ id: z.string() }).parse(await created.json()).id;

  const { stdout } = await cli.run('logs', 'stores', '--json');
  const lines = stdout.trimEnd().split('\n');
  assert.ok(lines.every((line) => JSON.parse(line).service === 'stores'));
  assert.ok(lines.some((line) => JSON.parse(line).msg === 'a service is ready again'));
});

test('a service that hangs is ended and started again', async () => {
  const hanging = (await ps()).services.find(({ name }) => name === 'search');
  assert.ok(hanging?.pid);
  process.kill(hanging.pid, 'SIGSTOP');
  await eventually(
    async () => {
      const again = (await ps()).services.find(({ name }) => name === 'search');
      assert.deepEqual([again?.phase, again?.restarts, again?.health], ['ready', 1, 'ready']);
      assert.notEqual(again?.pid, hanging.pid);
      assert.equal(again?.lastEnd, 'The service search had not answered for 6s and was ended.');
    },
    { withinMs: 30_000 },
  );
  assert.ok(!isAlive(hanging.pid));
});

test('nobody who serves knows a role that may change a schema', {
  skip: !existsSync('/proc/self/environ'),
}, async () => {
  for (const { name, pid } of (await ps()).services) {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    assert.doesNotMatch(environment, /_owner|MALL_MIGRATION/, name);
    if (name !== 'gateway') assert.match(environment, new RegExp(`${name}_user:`), name);
  }
});

test('a purchase is completed, services killed under load are restarted, and the audit is clean', async () => {
  const mall = await ps();
  const state = readState(mallFolders(cli.home, 'mall').state);
  assert.ok(state?.addresses && state.databases);
  const asShoppersUseIt = {
    restUrl: mall.rest,
    adminUrl: state.addresses.postgres,
    databases: state.databases,
  };
  const { completed } = await new Shoppers(throughTheGateway(asShoppersUseIt), eventually).shop();
  const order: unknown = await (await fetch(`${mall.rest}/api/ordering/${completed}`)).json();
  assert.match(JSON.stringify(order), /"status":"completed"/);
  assert.match((await cli.run('logs', '--order', completed)).stdout, /cosec: an order is approved/);

  const before = await storesIn(mall.rest);
  const work = cli.run(
    'busywork',
    '--duration',
    '6s',
    '--pace',
    'none',
    '--clients',
    '3',
    '--json',
    '--quiet',
  );
  await eventually(async () => assert.ok((await storesIn(mall.rest)) > before, 'shoppers are at work'));
  const killed = ['ordering', 'cosec', 'payments'];
  for (const { name, pid } of mall.services) if (killed.includes(name) && pid) process.kill(pid, 'SIGKILL');
  await work;
  await eventually(async () => {
    const again = (await ps()).services.filter(({ name }) => killed.includes(name));
    assert.deepEqual(
      again.map(({ phase, restarts }) => [phase, restarts]),
      killed.map(() => ['ready', 1]),
    );
  });
  const audit = await cli.run('audit', '--wait', '60s');
  assert.equal(audit.code, 0, audit.stdout + audit.stderr);
  const story = await cli.run('saga', 'show', completed);
  assert.equal(story.code, 0, story.stderr);

  const services = (await ps()).services.map(({ pid }) => pid ?? 0);
  const down = await cli.run('down');
  assert.equal(down.code, 0, down.stderr);
  assert.deepEqual(services.filter(isAlive), []);
});

async function storesIn(rest: string): Promise<number> {
  const shape = z.object({ stores: z.array(z.unknown()) });
  return shape.parse(await (await fetch(`${rest}/api/stores`)).json()).stores.length;
}

test('services end when their mall is killed, or with the next start, and the data goes on', async () => {
  const mall = await up();
  const pids = mall.services.map(({ pid }) => pid ?? 0);
  process.kill(mall.pid, 'SIGKILL');
  assert.ok(await becomesTrue(() => !pids.some(isAlive), 15_000), 'they end by themselves');

  const second = await up();
  assert.equal((await fetch(`${second.rest}/api/stores/${storeId}`)).status, 200);
  const hung = second.services.find(({ name }) => name === 'search')?.pid ?? 0;
  // One that cannot end by itself is ended by whoever cleans up.
  process.kill(hung, 'SIGSTOP');
  process.kill(second.pid, 'SIGKILL');
  const { stderr } = await cli.run('down');
  assert.match(stderr, /stopped (\w+, )*search(, \w+)* that a killed mall had left/);
  assert.ok(!isAlive(hung));
});

test('data of one mode is not touched in the other', async () => {
  const { code, stderr } = await cli.run('up', ...asWanted, '--mode', 'monolith');
  assert.equal(code, 4);
  assert.match(stderr, /The data of the mall "mall" was made with --mode microservices/);
  assert.equal(readState(mallFolders(cli.home, 'mall').state), undefined);
});
