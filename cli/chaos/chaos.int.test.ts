import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { cliUnderTest } from '../testing/cli-process.ts';

const cli = cliUnderTest();

const document = z.object({
  schema: z.literal('mall.chaos/1'),
  seed: z.number(),
  violations: z.number(),
  failures: z.number(),
});
const verdict = { orders: z.number(), ended: z.number(), violations: z.number(), quiet: z.boolean() };
const pointsDocument = document.extend({
  kind: z.literal('points'),
  rows: z.array(z.object({ point: z.string(), context: z.string(), hit: z.boolean(), ...verdict })),
});
const told = z.object({ answered: z.number(), unavailable: z.number(), wrong: z.array(z.string()) });
const faultsDocument = document.extend({
  kind: z.literal('faults'),
  rows: z.array(z.object({ outage: z.string(), told, ...verdict })),
});

const report = (name: string) => join(cli.home, `${name}.json`);
const leavesNothing = () =>
  assert.ok(!existsSync(cli.home) || !readdirSync(cli.home).some((name) => name.startsWith('.chaos')));

/*
 * A short selection, so that CI sees a crash in the middle of things, a stop, an outage and a broker that has lost
 * its tail. The whole matrix is `mall chaos --points all` and `mall chaos --faults`.
 */
test('what dies between publish and mark, or in its stop, loses nothing and does nothing twice', async () => {
  const points = 'relay.before-mark,stop.before-flush';
  const run = ['chaos', '--points', points, '--contexts', 'ordering,process', '--seed', '7'];
  const cutOff = cli.start(...run, '--save', report('points'));
  await cutOff.says('2 of 2');
  cutOff.process.kill('SIGINT');
  const interrupted = await cutOff.ended;
  assert.equal(interrupted.code, 130, interrupted.stderr);
  assert.match(interrupted.stdout, /^POINT .*\nrelay\.before-mark +ordering +#\d/);
  assert.match(interrupted.stderr, /interrupted after 1 of 2.*\n.*--resume/);
  assert.equal(pointsDocument.parse(JSON.parse(readFileSync(report('points'), 'utf8'))).rows.length, 1);

  const rest = await cli.run(...run, '--resume', report('points'), '--json');
  assert.equal(rest.code, 0, rest.stdout + rest.stderr);
  assert.doesNotMatch(rest.stderr, /relay\.before-mark/);
  const { rows } = pointsDocument.parse(JSON.parse(rest.stdout));
  assert.deepEqual(
    rows.map(({ point, context, hit, violations }) => [point, context, hit, violations]),
    [
      ['relay.before-mark', 'ordering', true, 0],
      ['stop.before-flush', 'process', true, 0],
    ],
  );
  for (const { orders, ended } of rows) assert.ok(orders > 0 && ended === orders);
  leavesNothing();
});

test('Postgres away, and a broker without its tail: clear answers meanwhile, clean afterwards', async () => {
  const faults = ['--faults', 'postgres-killed,lost-tail', '--for', '1s'];
  const { code, stdout, stderr } = await cli.run(
    'chaos',
    ...faults,
    '--seed',
    '7',
    '--json',
    '--save',
    report('faults'),
  );
  assert.equal(code, 0, stdout + stderr);
  const { rows } = faultsDocument.parse(JSON.parse(stdout));
  assert.deepEqual(
    rows.map(({ outage }) => outage),
    ['postgres-killed', 'lost-tail'],
  );
  assert.ok((rows[0]?.told.unavailable ?? 0) > 0);
  for (const row of rows) assert.ok(row.told.answered > 0 && row.orders > 0 && row.ended === row.orders);
  leavesNothing();
});

test('what cannot be tried is refused before anything starts', async () => {
  for (const [args, says] of [
    [[], /Nothing is named that should break/],
    [['--points', 'all', '--faults'], /Only one of these can be done at once/],
    [['--points', 'commit.sometime'], /--points has "commit.sometime", which there is not/],
    [['--points', 'all', '--contexts', 'garden'], /--contexts has "garden"/],
    [['--faults', 'rain'], /--faults cannot be "rain": it must be all or some of postgres-stopped, /],
    [['--faults', '--for', 'long'], /--for cannot be "long"/],
    [['--points', 'all', '--resume', 'nosuch.json'], /nosuch\.json is no report of `mall chaos`/],
    [['--faults', '--resume', report('points')], /its kind is points, and faults is asked for/],
    [['--kill-every', '1s', '--kill', 'everybody'], /--kill cannot be "everybody"/],
  ] as const) {
    const { code, stderr } = await cli.run('chaos', ...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, says);
  }
});
