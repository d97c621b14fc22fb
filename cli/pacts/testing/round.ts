import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CliResult } from '../../testing/cli-process.ts';
import { branchName, type CommittedCopy } from './committed-copy.ts';

export interface Round {
  readonly copy: CommittedCopy;
  /** `mall pacts`, with a broker. */
  readonly pacts: () => (...args: readonly string[]) => Promise<CliResult>;
  readonly brokerUrl: () => string;
}

const both = ['--pacticipant', 'baskets-sub', 'stores-pub'];
const title = /a StoreCreated message \(.*\): .*(missing the following keys: title|Expected .*title)/;

/** A version's way to production through the command line, and another's that stops short: the tests, in this order. */
export function roundThroughTheCommandLine({ copy, pacts, brokerUrl }: Round): void {
  const short = () => copy.version.slice(0, 10);

  test('what differs from its commit is neither published nor verified, and the file is named', async () => {
    const putBack = copy.change('services/stores/store.ts');
    for (const [verb, what] of [
      ['publish', 'Publishing the pacts'],
      ['verify', 'Publishing results'],
    ] as const) {
      const { code, stdout, stderr } = await pacts()(verb, ...(verb === 'verify' ? ['--publish'] : []));
      assert.deepEqual([code, stdout], [4, ''], stderr);
      const told = `mall: ${what} as ${short()} would be untrue: files differ from that commit (services/stores/store.ts).`;
      assert.ok(stderr.includes(told), stderr);
      assert.match(stderr, /next: {2}commit or stash them, then try again/);
    }
    putBack();
  });

  test('a version is published under its commit and branch, and cannot be deployed unverified', async () => {
    const published = await pacts()('publish');
    assert.equal(published.code, 0, published.stderr);
    assert.equal(published.stdout, `1 pacts published at ${brokerUrl()} as ${short()} (${branchName}).\n`);
    const { code, stdout, stderr } = await pacts()('can-i-deploy', '--to', 'production', ...both);
    assert.equal(code, 8, stderr);
    assert.ok(stdout.startsWith(`${short()} cannot go to production.\n`), stdout);
    assert.match(stdout, /baskets-sub.*stores-pub/);
  });

  test('verified it can be deployed, and its deployment is recorded', async () => {
    const verified = await pacts()('verify', '--provider', 'stores', '--publish');
    assert.deepEqual(
      [verified.code, verified.stdout],
      [0, '9 interactions verified, all kept.\n'],
      verified.stderr,
    );
    const asked = await pacts()('can-i-deploy', '--to', 'production', ...both);
    assert.deepEqual([asked.code, asked.stdout], [0, `${short()} can go to production.\n`], asked.stderr);
    const recorded = await pacts()('record-deployment', '--to', 'production', ...both);
    const told = `2 pacticipants run as ${short()} in production.\n`;
    assert.deepEqual([recorded.code, recorded.stdout], [0, told], recorded.stderr);
  });

  test('the list says who owes whom what, and with which commit it was verified', async () => {
    const { code, stdout, stderr } = await pacts()('list');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /stores-pub.*baskets-sub|baskets-sub.*stores-pub/);
    assert.ok(stdout.includes(short()), stdout);
  });

  test('a version has one content for good', async () => {
    copy.askForATitle();
    const { code, stdout, stderr } = await pacts()('publish');
    assert.deepEqual([code, stdout], [1, ''], stderr);
    assert.ok(stderr.includes(`mall: The broker at ${brokerUrl()} did not take the pacts.`), stderr);
    assert.match(stderr, /cause: .*Cannot change the content of the pact/s);
    assert.match(stderr, /next: {2}a version has one content for good: commit a change/);
  });

  test('one whose pact is not kept stops short: interaction and reason are named', async () => {
    copy.commit('baskets ask for a title');
    assert.equal((await pacts()('publish')).code, 0);
    const verified = await pacts()('verify', '--provider', 'stores', '--publish');
    assert.match(verified.stdout, /baskets-sub of stores-pub: a StoreCreated message/);
    assert.match(verified.stdout, /Actual map is missing the following keys: title/);
    const { code, stdout, stderr } = await pacts()('can-i-deploy', '--to', 'production', ...both);
    assert.equal(code, 8, stderr);
    assert.match(stdout, title);
    assert.match((await pacts()('list')).stdout, title);
  });

  test('with --json each says the same in one document', async () => {
    const document = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await pacts()(...args, '--json');
      const { schema, ...content } = JSON.parse(stdout);
      return { code, schema, content, stderr };
    };
    const published = await document('publish');
    assert.deepEqual([published.code, published.schema], [0, 'mall.pacts.publish/1'], published.stderr);
    assert.equal(published.content.commit, copy.version);
    const asked = await document('can-i-deploy', '--to', 'production', ...both);
    assert.deepEqual(
      [asked.code, asked.schema, asked.content.deployable],
      [8, 'mall.pacts.can-i-deploy/1', false],
    );
    const listed = await document('list');
    assert.deepEqual([listed.code, listed.schema], [0, 'mall.pacts.list/1']);
    assert.match(listed.content.pacts[0].failures[0], title);
    const recorded = await document('record-deployment', '--to', 'test', ...both);
    assert.deepEqual(
      [recorded.code, recorded.schema],
      [0, 'mall.pacts.record-deployment/1'],
      recorded.stderr,
    );
  });
}

/** What a broker that is told other secrets than it knows, or none, makes of every verb. */
export async function refused(pacts: (...args: readonly string[]) => Promise<CliResult>): Promise<string> {
  const verbs = [
    ['list'],
    ['publish'],
    ['verify', '--provider', 'stores'],
    ['can-i-deploy', '--to', 'production'],
    ['record-deployment', '--to', 'production'],
  ];
  const told = new Set<string>();
  for (const verb of verbs) {
    const { code, stdout, stderr } = await pacts(...verb);
    assert.equal(stdout, '', verb[0]);
    told.add(`${code} ${stderr}`);
  }
  assert.equal(told.size, 1, [...told].join('\n'));
  return [...told].join();
}
