import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mallFolders } from '../malls/folders.ts';
import { cliUnderTest } from '../testing/cli-process.ts';

const cli = cliUnderTest();
const folders = mallFolders(cli.home, 'one');

/** Lines that are no JSON: nothing the mall's own logger has written. */
function strayLines(): string[] {
  const lines = readFileSync(folders.log, 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('{'));
}

test('a second start leaves log and state of the mall that runs as they are', async () => {
  const first = await cli.run('up', '--detach', '--fast', '--name', 'one');
  assert.equal(first.code, 0, first.stderr);
  // So long that the next mall of this name sets it aside.
  appendFileSync(folders.log, `${JSON.stringify({ level: 30, msg: 'x'.repeat(6_000_000) })}\n`);
  const state = readFileSync(folders.state, 'utf8');
  const second = await cli.run('up', '--detach', '--name', 'one');
  assert.equal(second.code, 4);
  assert.match(second.stderr, /The mall "one" runs already \(process \d+, ready\) at http/);
  assert.deepEqual(strayLines(), []);
  assert.ok(!existsSync(`${folders.log}.1`));
  assert.equal(readFileSync(folders.state, 'utf8'), state);
});

test('what keeps a detached mall from starting is told once, and in its log as a line of JSON', async () => {
  const port = /:(\d+)$/.exec(JSON.parse((await cli.run('ps', '--json')).stdout).malls[0].rest)?.[1] ?? '';
  const { code, stderr } = await cli.run('up', '-dq', '--name', 'two', '--port', port);
  assert.equal(code, 4);
  assert.match(
    stderr,
    new RegExp(`^mall: Port ${port}, wanted for REST, is in use by .*\\n {2}next: .*\\n$`),
  );
  const log = readFileSync(mallFolders(cli.home, 'two').log, 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    log.filter((line) => !line.startsWith('{')),
    [],
  );
  assert.match(log.at(-1) ?? '', new RegExp(`the mall has ended.*|Port ${port}`));
});

test('one port for both doors is refused before anything is started', async () => {
  const { code, stderr } = await cli.run('up', '--name', 'three', '--port', '18123', '--grpc-port', '18123');
  assert.equal(code, 2, stderr);
  assert.match(
    stderr,
    /^mall: Port 18123 is wanted for REST and for gRPC\.\n {2}next: .*--grpc-port \d+`\n$/,
  );
});
