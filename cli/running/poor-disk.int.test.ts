import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/*
 * Starts on disks that are really so, in a mount namespace of their own: nobody else sees them, and they go with it.
 */
const launcher = fileURLToPath(new URL('../launcher/mall.mjs', import.meta.url));
const namespaces = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'mall-disk-'));
// Else Postgres, which is not run as root, would keep its part elsewhere.
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));

function upOn(options: string): { status: number | null; stderr: string; left: number } {
  const disk = join(folder, 'disk');
  mkdirSync(disk, { recursive: true });
  const script = `mount -t tmpfs -o mode=755,${options} tmpfs "$1"
    MALL_HOME="$1/home" MALL_INFRA=embedded "$2" "$3" up --name poor --detach; code=$?
    du -sk "$1" | cut -f1; exit $code`;
  const args = ['-m', 'sh', '-c', script, 'sh', disk, process.execPath, launcher];
  const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8', timeout: 60_000 });
  return { status, stderr, left: Number(stdout.trim().split('\n').at(-1)) };
}

describe('a disk on which no mall can start', { skip: !namespaces && 'this user may not mount' }, () => {
  test('may not be written', () => {
    const { status, stderr } = upOn('ro');
    assert.equal(status, 4, stderr);
    assert.match(stderr, /The mall's folder .* cannot be written \(EROFS\)/);
    assert.match(stderr, /next: {2}set MALL_HOME to a folder that can/);
  });
  test("has no room for Postgres' programs, and keeps nothing of them", () => {
    const { status, stderr, left } = upOn('size=30m');
    assert.equal(status, 4, stderr);
    assert.match(stderr, /ENOSPC.*\n {2}next: {2}make room on that disk/);
    assert.ok(left < 1_000, `${left} kB are left`);
  });
  test('has no room for the stream', () => {
    const { status, stderr } = upOn('size=230m');
    assert.equal(status, 4, stderr);
    assert.match(stderr, /The message broker cannot be used: insufficient .*\n {2}next: {2}make room/);
  });
});
