import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { BrokerDouble } from '../../../pacts/broker-double/broker-double.ts';
import { pactFilesFolder } from '../../pacts/places.ts';
import { cliUnderTest } from '../cli-process.ts';

/* The command as its users have it: red, called off by its deadline, and as a document. */
const cli = cliUnderTest();
const folder = mkdtempSync(join(tmpdir(), 'mall-contracts-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const red = join(folder, 'red.contract.test.ts');
writeFileSync(
  red,
  "import { test } from 'node:test';\ntest('a promise', () => { throw new Error('is broken'); });\n",
);
const endless = join(folder, 'endless.contract.test.ts');
writeFileSync(
  endless,
  "import { test } from 'node:test';\ntest('a promise', () => new Promise(() => setInterval(() => undefined, 1_000)));\n",
);

test('with --json a red run is one document, which has the failures of the tests as well', async () => {
  const { code, stdout, stderr } = await cli.run('test', 'contracts', red, '--json');
  assert.equal(code, 1, stderr);
  const told = JSON.parse(stdout);
  assert.deepEqual([told.schema, told.success, told.failures], ['mall.test.contracts/1', false, 1]);
  assert.match(told.found[0], /^a promise: is broken \(.*red\.contract\.test\.ts\)$/);
  assert.deepEqual([told.consumers.tests, told.consumers.failed], [1, 1]);
});

test('for people it ends with a count', async () => {
  const { code, stdout } = await cli.run('test', 'contracts', red);
  assert.equal(code, 1);
  assert.match(stdout, /✖ consumers' tests failed; their failures are told above/);
  assert.match(stdout, /Contracts: 0 interactions in 0 pacts, 1 failed \([^)]+\)\.\n$/);
});

test('what a red run has made is half a pact at best, and takes the place of none', async () => {
  const name = 'customers-sub-cosec-pub.json';
  const kept = join(pactFilesFolder, name);
  const before = readFileSync(kept, 'utf8');
  const half = join(folder, 'half.contract.test.ts');
  const text = JSON.stringify({ ...JSON.parse(before), interactions: [] });
  writeFileSync(
    half,
    `import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
test('a promise', () => {
  writeFileSync(join(process.env.MALL_PACTS_WRITTEN, '${name}'), ${JSON.stringify(text)});
  throw new Error('is broken');
});
`,
  );
  try {
    const { code, stdout, stderr } = await cli.run('test', 'contracts', half, '--json');
    assert.equal(code, 1, stderr);
    assert.deepEqual(JSON.parse(stdout).changed, []);
    assert.equal(readFileSync(kept, 'utf8'), before);
  } finally {
    writeFileSync(kept, before);
  }
});

test('a run that is not done by its deadline is ended and says so', async () => {
  const { code, stdout, stderr } = await cli.run('test', 'contracts', endless, '--deadline', '3s', '--json');
  assert.equal(code, 1, stderr);
  assert.equal(JSON.parse(stdout).found[0], 'the run was not done by its deadline');
});

test('a broker that the environment names has no part in it', async () => {
  const broker = await BrokerDouble.start();
  const withBroker = cliUnderTest({ PACT_BROKER_BASE_URL: broker.url });
  const consumer = 'pacts/consumers/customers-sub.contract.test.ts';
  const { code, stdout, stderr } = await withBroker.run('test', 'contracts', consumer, '--json');
  await broker.stop();
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).interactions.length, 1);
  assert.deepEqual(broker.requests, []);
});
