import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Ledger } from './ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'mall-ledger-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a home that cannot be written is told before anything is verified', () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const ledger = new Ledger(join(file, 'home', 'pacts.ndjson'));
  assert.throws(() => ledger.prepare(), {
    exitCode: 4,
    message: /^What becomes of the pacts cannot be kept in .*ENOTDIR\)\.$/,
  });
});
