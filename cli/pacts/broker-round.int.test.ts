import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BrokerDouble } from '../../pacts/broker-double/broker-double.ts';
import { CliError } from '../cli-error.ts';
import { Broker, type BrokerAccess } from './broker.ts';
import { askBroker } from './can-i-deploy.ts';
import { standingAtBroker } from './list.ts';
import { readPactFiles } from './pact-files.ts';
import { pactFilesFolder } from './places.ts';
import { publishPacts } from './publish.ts';
import { recordDeployment } from './record-deployment.ts';
import { verifyPacts } from './verify.ts';

/*
 * A version's way from its pacts to production, by the broker's own client and verifier: what stores owe baskets.
 */
const name = 'baskets-sub-stores-pub.json';
const folder = mkdtempSync(join(tmpdir(), 'mall-round-'));
const secrets = { username: 'pactuser', password: 'pactpass' };

let double: BrokerDouble;
let access: BrokerAccess;

before(async () => {
  copyFileSync(join(pactFilesFolder, name), join(folder, name));
  double = await BrokerDouble.start({ access: secrets });
  access = { url: double.url, secrets };
});
after(async () => {
  await double?.stop();
  rmSync(folder, { recursive: true });
});

const versionOf = (commit: string, changed: readonly string[] = []) => ({
  ...{ commit, branch: 'main', buildUrl: 'https://ci.example/7' },
  changed,
});
const verify = (commit: string) =>
  verifyPacts({
    ...{
      pacts: [],
      version: versionOf(commit),
      access,
      publish: true,
      contexts: ['stores'],
      pact: undefined,
    },
    ...{ signal: new AbortController().signal, onContext: () => undefined },
  });
const both = ['baskets-sub', 'stores-pub'];
const askFor = (version: string, pacticipants = both) =>
  askBroker(access, { pacticipants, version, environment: 'production' });

/** Has the consumer read a store's name under another name than stores give it. */
function renameAField(path: string): void {
  const text = readFileSync(path, 'utf8');
  const payload = /("Payload": \{\s+"id": "store-id",\s+)"name": "NewStore"/;
  writeFileSync(path, text.replace(payload, '$1"title": "NewStore"'));
  assert.notEqual(readFileSync(path, 'utf8'), text);
}

describe('a round with a broker', () => {
  test('what is published is there under commit and branch, and not deployable yet', async () => {
    await publishPacts(readPactFiles(folder), versionOf('commit-1'), access);
    const [pact] = double.store.pacts;
    assert.deepEqual([pact?.consumer, pact?.version, pact?.branch], ['baskets-sub', 'commit-1', 'main']);
    const { deployable, reasons } = await askFor('commit-1');
    assert.equal(deployable, false);
    assert.match(reasons.join('\n'), /baskets-sub of stores-pub: it is not verified/);
  });

  test('verified with the real stores, the results are published and the version can be deployed', async () => {
    const [outcome] = await verify('commit-1');
    assert.ok(outcome && 'interactions' in outcome, JSON.stringify(outcome));
    assert.equal(outcome.interactions.length, 9);
    assert.ok(outcome.interactions.every(({ ok }) => ok));
    const [result] = double.store.verifications;
    const { providerVersion, success, buildUrl } = result ?? {};
    assert.deepEqual([providerVersion, success, buildUrl], ['commit-1', true, 'https://ci.example/7']);
    assert.ok(
      double.store.versions.some((each) => each.pacticipant === 'stores-pub' && each.branch === 'main'),
    );
    assert.deepEqual(await askFor('commit-1'), {
      deployable: true,
      reasons: ['All required verification results are published and successful'],
    });
  });

  test('its deployment is recorded', async () => {
    const deployment = { pacticipants: both, version: 'commit-1', environment: 'production' };
    await recordDeployment(deployment, access);
    assert.equal(double.store.deployed('stores-pub', 'production'), 'commit-1');
    assert.equal(double.store.deployed('baskets-sub', 'production'), 'commit-1');
  });

  test('the list says who owes whom what, verified with which commit', async () => {
    const [standing] = await standingAtBroker(await Broker.open(access));
    assert.deepEqual([standing?.consumer, standing?.provider], ['baskets-sub', 'stores-pub']);
    assert.equal(standing?.interactions.length, 9);
    assert.deepEqual(standing?.verified, {
      ...{ version: 'commit-1', ok: true },
      at: '2026-01-01T00:00:00+00:00',
    });
  });

  test('a consumer that asks for what stores do not tell is not deployable; which and why is told', async () => {
    renameAField(join(folder, name));
    await publishPacts(readPactFiles(folder), versionOf('commit-2'), access);
    const [outcome] = await verify('commit-2');
    assert.ok(outcome && 'interactions' in outcome);
    const failed = outcome.interactions.filter(({ ok }) => !ok);
    assert.deepEqual(
      failed.map(({ description, reasons }) => `${description}: ${reasons.join('; ')}`),
      ['a StoreCreated message: Actual map is missing the following keys: title'],
    );
    const { deployable, reasons } = await askFor('commit-2');
    assert.equal(deployable, false);
    assert.match(
      reasons.join('\n'),
      /baskets-sub of stores-pub: a StoreCreated message.*: Actual map is missing the following keys: title/,
    );
    const [standing] = await standingAtBroker(await Broker.open(access));
    assert.match(
      standing?.failures.join() ?? '',
      /^a StoreCreated message.*missing the following keys: title$/,
    );
  });

  test('a version whose pacts would change is not published', async () => {
    await assert.rejects(publishPacts(readPactFiles(folder), versionOf('commit-1'), access), (error) => {
      assert.ok(error instanceof CliError && error.exitCode === 1);
      assert.match(`${error.message} ${String(error.cause)}`, /did not take.*Cannot change the content/s);
      return true;
    });
  });

  test('what is not committed is not published', async () => {
    const changed = [' M services/stores/store.ts'];
    await assert.rejects(publishPacts(readPactFiles(folder), versionOf('commit-3', changed), access), {
      message: /files differ from that commit \(services\/stores\/store\.ts\)/,
    });
  });
});

describe('trouble with a broker', () => {
  const opening = async (trouble: number | 'silence' | undefined, secretsGiven: BrokerAccess['secrets']) => {
    const broker = await BrokerDouble.start({ access: { token: 'right' }, trouble: () => trouble });
    try {
      await Broker.open({ url: broker.url, secrets: secretsGiven, answerWithinMs: 2_000 });
      return 'open';
    } catch (error) {
      assert.ok(error instanceof CliError && error.next);
      return `${error.exitCode}: ${error.message.replace(broker.url, 'URL')}`;
    } finally {
      await broker.stop();
    }
  };
  const token = { token: 'right' };

  test('is told by what it is', async () => {
    assert.equal(await opening(undefined, token), 'open');
    assert.equal(await opening(undefined, undefined), '3: The broker at URL asks who we are (401).');
    const refused = '3: The broker at URL does not accept these credentials (401).';
    assert.equal(await opening(undefined, { token: 'wrong' }), refused);
    assert.equal(
      await opening(403, token),
      '3: The broker at URL does not let these credentials do this (403).',
    );
    assert.equal(await opening(500, token), '4: The broker at URL answered with HTTP status 500.');
  });

  test('one that is silent is given up', async () => {
    assert.equal(await opening('silence', token), '4: The broker at URL did not answer within 2 s.');
  });

  test('one that is not there is told with its address', async () => {
    const gone = await BrokerDouble.start();
    await gone.stop();
    await assert.rejects(Broker.open({ url: gone.url, secrets: undefined }), {
      message: `The broker at ${gone.url} cannot be reached.`,
      exitCode: 4,
    });
  });

  test('an environment that it does not have is told', async () => {
    const deployment = { pacticipants: both, version: 'commit-1', environment: 'nowhere' };
    await assert.rejects(askBroker(access, deployment), (error) => {
      assert.match(`${String(error)} ${String((error as CliError).cause)}`, /'nowhere' does not exist/);
      return true;
    });
  });
});
