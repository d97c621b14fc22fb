import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { testFolder } from '../../containers/embedded/test-folder.ts';
import { CliError } from '../cli-error.ts';
import { readConfigFile } from './config-file.ts';

const folder = testFolder();

/** A project with a `mall.config.ts` of this content, and a folder inside it. */
function project(name: string, content: string): string {
  const inside = join(folder, name, 'inside');
  mkdirSync(inside, { recursive: true });
  writeFileSync(join(folder, name, 'package.json'), '{}');
  writeFileSync(join(folder, name, 'mall.config.ts'), content);
  return inside;
}

test('the file of the project is found from a folder inside it', async () => {
  const settings = fileURLToPath(new URL('index.ts', import.meta.url));
  const content = `import type { MallConfig } from '${settings}';\nexport default { port: 8090 } satisfies MallConfig;`;
  const found = await readConfigFile(project('typed', content));
  assert.deepEqual(found?.values, { port: 8090 });
});

test('a file above the project does not count', async () => {
  const inside = project('outer', 'export default { port: 1 };');
  writeFileSync(join(inside, 'package.json'), '{}');
  assert.equal(await readConfigFile(inside), undefined);
});

test('a setting that does not exist is told with the nearest one', async () => {
  await assert.rejects(readConfigFile(project('slip', 'export default { prot: 8090 };')), (error) => {
    assert.ok(error instanceof CliError);
    assert.equal(error.exitCode, 3);
    assert.match(error.message, /mall\.config\.ts sets "prot", which is no setting/);
    assert.equal(error.next, 'write "port"');
    return true;
  });
});

test('a file that cannot be read says why', async () => {
  await assert.rejects(readConfigFile(project('broken', 'export default {')), /cannot be read/);
  await assert.rejects(readConfigFile(project('empty', 'export const port = 1;')), /cannot be read/);
});
