import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { armedCrash, CRASH_FILE_VARIABLE, CRASH_VARIABLE, crashPoints } from './crash-points.ts';

const folder = mkdtempSync(join(tmpdir(), 'mall-crash-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const module = new URL('./crash-points.ts', import.meta.url).href;
/** Comes to a point of ordering five times, to others in between, and tells each. */
const program = `
  import { writeSync } from 'node:fs';
  import { crashPoint } from '${module}';
  for (let n = 1; n <= 5; n++) {
    crashPoint('commit.before', 'payments');
    crashPoint('commit.after', 'ordering');
    crashPoint('commit.before', 'ordering');
    writeSync(1, String(n));
  }`;

/** Comes to a point again and again. */
const passing = `
  import { crashPoint } from '${module}';
  setInterval(() => { crashPoint('commit.after', 'ordering'); process.stdout.write('.'); }, 5);`;

function run(environment: NodeJS.ProcessEnv) {
  const { [CRASH_VARIABLE]: _at, [CRASH_FILE_VARIABLE]: _file, ...rest } = process.env;
  const options = { env: { ...rest, ...environment }, encoding: 'utf8' } as const;
  const { signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], options);
  return { signal, passed: stdout };
}

test('nobody dies unless a process is armed', () => {
  assert.deepEqual(run({}), { signal: null, passed: '12345' });
});

test('an armed process dies at its point, in its context, at the hit that was named, and does nothing more', () => {
  assert.deepEqual(run({ [CRASH_VARIABLE]: 'commit.before@ordering#3' }), {
    signal: 'SIGKILL',
    passed: '12',
  });
});

test('a file arms as well; who dies by it takes it away, and nobody dies again', () => {
  const file = join(folder, 'armed');
  writeFileSync(file, 'commit.before@ordering#2');
  const armed = { [CRASH_FILE_VARIABLE]: file };
  assert.equal(run(armed).signal, 'SIGKILL');
  assert.ok(!existsSync(file));
  assert.deepEqual(run(armed), { signal: null, passed: '12345' });
});

test('a process is armed while it runs', async () => {
  const file = join(folder, 'later');
  const child = spawn(process.execPath, ['--input-type=module', '-e', passing], {
    env: { ...process.env, [CRASH_FILE_VARIABLE]: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const passes = (child.stdout ?? assert.fail()).setEncoding('utf8');
  const ended = once(child, 'exit');
  await once(passes, 'data');
  writeFileSync(file, 'commit.after@ordering#1');
  const [, signal] = await ended;
  assert.equal(signal, 'SIGKILL');
  assert.ok(!existsSync(file));
});

test('a setting that names no point is refused', () => {
  assert.equal(armedCrash(''), undefined);
  assert.equal(armedCrash('commit.before@ordering#1'), 'commit.before@ordering#1');
  for (const wrong of ['commit.sometime@ordering#1', 'commit.before@ordering', 'commit.before@ordering#0'])
    assert.throws(() => armedCrash(wrong), /is no <point>@<context>#<hit>; points: commit.before, /);
});

test('each point lies in the code, once', () => {
  const kernel = fileURLToPath(new URL('..', import.meta.url));
  const sources = readdirSync(kernel, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('.test.') && !file.startsWith('faults'))
    .map((file) => readFileSync(join(kernel, file), 'utf8'))
    .join('\n');
  const calls = [...sources.matchAll(/crash(?:Point|Step)\(\s*'([^']+)'/g)].map(([, name]) => name);
  assert.deepEqual(calls.toSorted(), Object.keys(crashPoints).toSorted());
});
