import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { scratchFolder } from './scratch-folder.ts';

const parent = mkdtempSync(join(tmpdir(), 'mall-scratch-'));
after(() => rmSync(parent, { recursive: true, force: true }));

test('each is another, and no mall can have its name', () => {
  const [one, other] = [scratchFolder(parent, 'bench'), scratchFolder(parent, 'bench')];
  assert.ok(existsSync(one) && existsSync(other) && one !== other);
  assert.match(one, /\/\.bench-\d+-[0-9a-f]{6}$/);
});

test('where nothing can be written that is said, with a way out', () => {
  const file = join(parent, 'a-file');
  writeFileSync(file, '');
  assert.throws(() => scratchFolder(file, 'chaos'), {
    message: `Nothing can be written in ${file}.`,
    exitCode: 4,
    next: /^set MALL_HOME to a folder/,
  });
});
