import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { testFolder } from '../embedded/test-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dockerfile = readFileSync(new URL('Dockerfile', import.meta.url), 'utf8');
const ignored = readFileSync(new URL('Dockerfile.dockerignore', import.meta.url), 'utf8').split('\n');

/** Sources that come from the repository, not from another stage. */
const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, list = '']) =>
  list.split(' '),
);

test('the Dockerfile has no fault that a linter knows', () => {
  assert.deepEqual(validate(dockerfile), []);
});

test('it is built in stages, of pinned images, and runs as a user without rights', () => {
  assert.equal([...dockerfile.matchAll(/^FROM .+ AS \w+$/gm)].length, 2);
  assert.match(dockerfile, /^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-\S+$/m);
  assert.doesNotMatch(dockerfile, /--platform=(?!\$BUILDPLATFORM)/);
  assert.match(dockerfile, /^USER node$/m);
  assert.ok(dockerfile.lastIndexOf('USER node') > dockerfile.lastIndexOf('RUN '));
});

test('the Node of the image runs the mall', () => {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [, major, minor] = /node:(\d+)\.(\d+)/.exec(dockerfile) ?? [];
  const [, leastMajor, leastMinor] = />=(\d+)\.(\d+)/.exec(engines.node) ?? [];
  assert.ok(Number(major) > Number(leastMajor) || Number(minor) >= Number(leastMinor));
});

test('what is copied goes to the builder, and is there', () => {
  for (const source of sources) {
    assert.ok(existsSync(join(root, source)), source);
    assert.ok(ignored.includes(`!${source}`), `${source} is not left out`);
  }
});

test('the files of the image are enough to serve', () => {
  const folder = testFolder();
  for (const source of sources) {
    const target = join(folder, source);
    cpSync(join(root, source), target, {
      recursive: true,
      filter: (path) => !isIgnored(relative(root, path)),
    });
  }
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const [, imports = ''] = /^RUN node --input-type=module -e "(.+)"$/m.exec(dockerfile) ?? [];
  const run = (...args: string[]) =>
    spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH } });
  const warmed = run('--input-type=module', '-e', imports.replaceAll('/mall/', `${folder}/`));
  assert.equal(warmed.status, 0, warmed.stderr);
  const [, entry = ''] = /^ENTRYPOINT (.+)$/m.exec(dockerfile) ?? [];
  const [, ...words] = JSON.parse(entry);
  const served = run(...words, '--context', 'all');
  // It comes as far as it can without servers.
  assert.match(served.stderr, /`mall serve` needs MALL_NATS_URL, which is not set/);
});

/** As the patterns of the ignore file that are not whole names have it. */
function isIgnored(path: string): boolean {
  return (
    path.endsWith('.test.ts') || path.split('/').some((part) => part === 'testing' || part === 'node_modules')
  );
}
