import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { before, test } from 'node:test';
import { cliUnderTest } from '../testing/cli-process.ts';

const cli = cliUnderTest();
const scripts = new Map<string, string>();
before(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await cli.run('completion', shell);
    assert.equal(code, 0);
    scripts.set(shell, stdout);
  }
});

/** What bash offers after these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  const typed = words.map((word) => `'${word}'`).join(' ');
  const asking = `COMP_WORDS=(mall ${typed}); COMP_CWORD=${words.length}; _mall; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = execFileSync('bash', ['--norc', '-c', `${scripts.get('bash')}\n${asking}`], {
    encoding: 'utf8',
  });
  return answer.split('\n').filter((line) => line !== '');
}

test('bash completes verbs, verbs below them, options, and values it knows', () => {
  assert.deepEqual(offered('do'), ['down', 'doctor']);
  assert.deepEqual(offered('saga', 's'), ['show']);
  assert.deepEqual(offered('up', '--det'), ['--detach']);
  assert.deepEqual(offered('up', '--name', 'busywork', '--det'), ['--detach']);
  assert.deepEqual(offered('completion', ''), ['bash', 'zsh', 'fish']);
  assert.ok(offered('open', '').includes('traces'));
  assert.ok(!offered('up', '').includes('down'));
});

for (const shell of ['zsh', 'fish'] as const) {
  const there = spawnSync(shell, ['--version']).status === 0;
  test(`${shell} reads its script`, { skip: !there && `${shell} is not on this machine` }, () => {
    const { status, stderr } = spawnSync(shell, ['--no-execute'], {
      input: scripts.get(shell),
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });
}

test('each script has every verb', async () => {
  const { stdout } = await cli.run('--help');
  const verbs = [...stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, verb = '']) => verb);
  assert.ok(verbs.length > 15);
  for (const [shell, script] of scripts) {
    for (const verb of verbs.filter((each) => each !== 'help'))
      assert.ok(script.includes(verb), `${shell}: ${verb}`);
  }
});

test('an unknown shell is told with those there are', async () => {
  const { code, stderr } = await cli.run('completion', 'tcsh');
  assert.equal(code, 2);
  assert.match(stderr, /bash, zsh, fish/);
});
