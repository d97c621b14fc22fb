import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
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

/** What is offered after a line, whatever the shell. */
const offers: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['mall do', ['doctor', 'down']],
  ['mall saga s', ['show']],
  ['mall up --det', ['--detach']],
  ['mall up --name busywork --det', ['--detach']],
  ['mall saga show an-order --quie', ['--quiet']],
  ['mall completion ', ['bash', 'fish', 'zsh']],
  ['mall up --mode ', ['microservices', 'monolith']],
  ['mall test un', ['unit']],
];

function missing(shell: string): string | false {
  return spawnSync(shell, ['--version']).status !== 0 && `${shell} is not on this machine`;
}

test('bash offers the same as the others', () => {
  for (const [line, words] of offers)
    assert.deepEqual(offered(...line.split(' ').slice(1)).sort(), words, line);
});

test('fish completes a line', { skip: missing('fish') }, () => {
  for (const [line, words] of offers) {
    const script = `${scripts.get('fish')}\ncomplete -C '${line}'`;
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
    const found = stdout.split('\n').filter((each) => each !== '');
    assert.deepEqual(found.map((each) => each.split('\t')[0]).sort(), words, `${line}: ${stderr}`);
  }
});

test('zsh completes a line as it is typed', { skip: missing('zsh') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mall-zsh-'));
  try {
    writeFileSync(join(folder, 'mall.zsh'), scripts.get('zsh') ?? '');
    for (const [line, [first = '', ...others]] of offers) {
      // One word is put in at once; of several the list is shown.
      const expected = others.length === 0 ? [`${line.replace(/\S*$/, '')}${first} `] : [first, ...others];
      const driver = fileURLToPath(new URL('type-in-zsh.zsh', import.meta.url));
      const { stdout, stderr } = spawnSync('zsh', ['-f', driver, folder, line], { encoding: 'utf8' });
      const shown = stripVTControlCharacters(stdout);
      for (const word of expected) assert.ok(shown.includes(word), `${line}: ${word} in ${shown}${stderr}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

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
