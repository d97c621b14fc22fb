import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BrokerDouble } from '../../pacts/broker-double/broker-double.ts';
import type { CliResult } from '../testing/cli-process.ts';
import { branchName, CommittedCopy } from './testing/committed-copy.ts';
import { refused, roundThroughTheCommandLine } from './testing/round.ts';

/* The command line as a pipeline has it, over a real repository, with a broker's double. */
const copy = new CommittedCopy();
const secrets = { username: 'pactuser', password: 'pactpass' };
let double: BrokerDouble;
let pacts: (...args: readonly string[]) => Promise<CliResult>;

before(async () => {
  double = await BrokerDouble.start({ access: secrets });
  pacts = copy.commandLine({
    PACT_BROKER_BASE_URL: double.url,
    PACT_BROKER_USERNAME: secrets.username,
    PACT_BROKER_PASSWORD: secrets.password,
  });
});
after(() => double?.stop());

describe('a round with a broker', () => {
  roundThroughTheCommandLine({ copy, pacts: () => pacts, brokerUrl: () => double.url });

  test('a verification that fails ends with exit code 1', async () => {
    const { code, stdout } = await pacts('verify', '--provider', 'stores', '--publish');
    assert.equal(code, 1);
    assert.match(stdout, /9 interactions verified, 1 not kept\.\n$/);
  });

  test('the one pact that a webhook names is verified under the branch that it names', async () => {
    const known = double.store.verifications.length;
    const sha = double.store.pacts.find(({ version }) => version !== copy.version)?.sha;
    const url = `${double.url}/pacts/provider/stores-pub/consumer/baskets-sub/pact-version/${sha}`;
    const { code, stdout, stderr } = await pacts(
      ...['verify', '--pact-url', url, '--branch', 'provider-branch', '--publish'],
    );
    assert.deepEqual([code, stdout], [0, '9 interactions verified, all kept.\n'], stderr);
    const [result, ...more] = double.store.verifications.slice(known);
    assert.deepEqual([more, result?.sha, result?.providerVersion], [[], sha, copy.version]);
    assert.ok(double.store.versions.some(({ branch }) => branch === 'provider-branch'));
  });
});

describe('in CI', () => {
  const ci = {
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_REPOSITORY: 'mall/mall',
    GITHUB_RUN_ID: '77',
    GITHUB_REF_NAME: '12/merge',
    GITHUB_HEAD_REF: 'sell-gifts',
  };

  test("branch and build are the CI system's, and the token is enough", async () => {
    const broker = await BrokerDouble.start({ access: { token: 'a token' } });
    const inCi = copy.commandLine({ ...ci, PACT_BROKER_BASE_URL: broker.url, PACT_BROKER_TOKEN: 'a token' });
    const published = await inCi('publish');
    assert.equal(published.code, 0, published.stderr);
    assert.match(published.stdout, /\(sell-gifts\)\.\n$/);
    assert.deepEqual(broker.store.versions, [
      {
        pacticipant: 'baskets-sub',
        version: copy.version,
        branch: 'sell-gifts',
        buildUrl: 'https://github.example/mall/mall/actions/runs/77',
      },
    ]);
    const flagged = await inCi('publish', '--branch', branchName);
    assert.ok(flagged.stdout.endsWith(`(${branchName}).\n`), flagged.stderr);
    await broker.stop();
  });
});

describe('trouble with a broker', () => {
  const withBroker = async (environment: NodeJS.ProcessEnv, access: { token: string } | typeof secrets) => {
    const broker = await BrokerDouble.start({ access });
    const told = await refused(copy.commandLine({ PACT_BROKER_BASE_URL: broker.url, ...environment }));
    assert.deepEqual(broker.store.pacts, []);
    await broker.stop();
    return told.replaceAll(broker.url, 'URL');
  };
  const wrong =
    '3 mall: The broker at URL does not accept these credentials (401).\n' +
    '  next:  check them: a token may have been renewed\n';

  test('that is told a wrong token, or a wrong password', async () => {
    assert.equal(await withBroker({ PACT_BROKER_TOKEN: 'stale' }, { token: 'right' }), wrong);
    const guessed = { PACT_BROKER_USERNAME: 'pactuser', PACT_BROKER_PASSWORD: 'guess' };
    assert.equal(await withBroker(guessed, secrets), wrong);
  });

  test('that is told nothing', async () => {
    assert.equal(
      await withBroker({}, secrets),
      '3 mall: The broker at URL asks who we are (401).\n' +
        '  next:  set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD\n',
    );
  });

  test('that is not there', async () => {
    const broker = await BrokerDouble.start();
    await broker.stop();
    const told = await refused(copy.commandLine({ PACT_BROKER_BASE_URL: broker.url }));
    assert.match(
      told,
      new RegExp(`^4 mall: The broker at ${broker.url} cannot be reached\\.\n  cause: .*ECONNREFUSED`),
    );
    assert.match(told, /next: {2}check PACT_BROKER_BASE_URL, and whether the broker runs/);
  });
});
