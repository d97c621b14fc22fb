import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launchBrowser, noBrowser } from '../../../services/kernel/testing/browser.ts';
import { cliUnderTest } from '../cli-process.ts';

/* The command as its users have it: green, red, again, against a mall elsewhere, and too slow. */
const cli = cliUnderTest();
const folder = mkdtempSync(join(tmpdir(), 'mall-features-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const red = join(folder, 'red.feature');
writeFileSync(
  red,
  `Feature: Red
  Scenario: A store that is not there
    Given a valid store owner
    Then a store called "Nowhere" exists

  Scenario: A store that is there
    Given the store "Here" already exists
    Then a store called "Here" exists
`,
);

function features(...args: readonly string[]) {
  return cli.run('test', 'features', ...args);
}

async function nothingRuns(): Promise<void> {
  const { malls } = JSON.parse((await cli.run('ps', '--all', '--json')).stdout);
  assert.deepEqual(malls, []);
}

test("two runs at once: a team's own features are green, and a red one says where and why", async () => {
  const reports = join(folder, 'reports');
  const [green, failed] = await Promise.all([
    features(
      ...['--features', 'features/example/features', '--steps', 'features/example/steps'],
      ...['--reports', join(folder, 'green')],
    ),
    features('--features', red, '--reports', reports, '--json'),
  ]);
  assert.equal(green.code, 0, green.stderr);
  assert.match(green.stdout, /features: 2 passed, 0 failed in [\d.]+ s; audit: 0 violations/);
  assert.equal(failed.code, 1, failed.stderr);
  const told = JSON.parse(failed.stdout);
  assert.deepEqual([told.success, told.passed, told.failed, told.violations], [false, 1, 1, 0]);
  assert.match(told.failures[0].place, /red\.feature:2$/);
  assert.match(told.failures[0].reason, /^a store called "Nowhere" exists: a store called "Nowhere \w+"/);
  for (const file of ['report.html', 'junit.xml', 'report.json', 'messages.ndjson']) {
    assert.ok(existsSync(join(reports, file)), file);
  }
  assert.match(
    readFileSync(join(reports, 'junit.xml'), 'utf8'),
    /<testcase classname="Red" name="A store that is/,
  );
  const places = readFileSync(join(reports, 'last-failures.txt'), 'utf8');
  assert.match(places, /red\.feature:2\n$/);
  await nothingRuns();
});

test('the HTML report says in a browser what failed', { skip: noBrowser }, async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (/^https?:/.test(request.url())) foreign.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, 'reports', 'report.html')).href);
    await page.getByText('A store that is not there').first().waitFor();
    await page.getByText('50% (1 / 2) passed').waitFor();
    assert.deepEqual(foreign, []);
  } finally {
    await browser.close();
  }
});

test('against a mall of which only the door is known, what needs more is left out and counted', async () => {
  const up = await cli.run('up', '--detach', '--fast', '--infra', 'embedded', '--name', 'elsewhere');
  assert.equal(up.code, 0, up.stderr);
  const { malls } = JSON.parse((await cli.run('ps', '--json')).stdout);
  const { code, stdout } = await features(
    ...['--against', malls[0].rest, '--features', 'features/customers/register_customer.feature'],
    ...['--reports', join(folder, 'against')],
  );
  assert.equal(code, 0, stdout);
  assert.match(stdout, /features: 8 passed, 0 failed, 3 left out \(they need the gRPC door or databases/);
  assert.match(stdout, /not audited/);
  await cli.run('down', '--name', 'elsewhere', '--purge');
});

test('where nobody answers no scenario is run', async () => {
  const { code, stdout, stderr } = await features('--against', 'http://127.0.0.1:1', '--reports', folder);
  assert.deepEqual([code, stdout], [4, '']);
  assert.match(stderr, /Nothing answers at http:\/\/127\.0\.0\.1:1\.\n {2}cause: /);
});

test('a run that is interrupted while its mall starts runs no scenario, and leaves nothing', async () => {
  const run = cli.start('test', 'features', '--features', red, '--reports', join(folder, 'interrupted'));
  await run.says('starting a mall');
  run.process.kill('SIGTERM');
  const { code, stdout } = await run.ended;
  assert.deepEqual([code, stdout], [130, '']);
  await nothingRuns();
});

test('a run that is not done in time is ended, and leaves nothing', async () => {
  const slow = join(folder, 'slow.feature');
  writeFileSync(
    slow,
    `Feature: Slow
  Scenario: An order nobody collects
    Given I have an approved order of
      | Name | Price | Quantity |
      | Hat  | 5     | 1        |
    Then my order becomes completed
`,
  );
  const { code, stdout } = await features('--features', slow, '--deadline', '4s', '--reports', folder);
  assert.equal(code, 1);
  assert.match(stdout, /The run came to no proper end: it was not done within 4 s/);
  await nothingRuns();
});
