import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { entrustServers } from './abandoned-servers.ts';

/**
 * A temporary folder that servers of any user may enter; removed after the tests of the calling file, and with
 * the servers that lie in it when the file is killed.
 */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mall-test-'));
  chmodSync(folder, 0o755);
  const entrusted = entrustServers(folder);
  after(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    entrusted.release();
  });
  return folder;
}
