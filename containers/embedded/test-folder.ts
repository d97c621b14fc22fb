import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A temporary folder that servers of any user may enter; removed after the tests of the calling file. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mall-test-'));
  chmodSync(folder, 0o755);
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
