import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { testFolder } from '../../containers/embedded/test-folder.ts';
import { makeMallFolder, mallFolders } from './folders.ts';
import { choosePorts } from './remembered-ports.ts';

const home = testFolder();

function portsOf(name: string, fixed = {}) {
  const folders = mallFolders(home, name);
  makeMallFolder(folders);
  return choosePorts({ folders, host: '127.0.0.1', fixed, services: 0 });
}

test('a mall gets the ports that were asked for, and keeps those that were not', async () => {
  const first = await portsOf('fixed', { rest: 18_080 });
  assert.equal(first.rest, 18_080);
  assert.deepEqual(await portsOf('fixed', { rest: 18_080 }), first);
});

test('malls that choose at the same moment choose different ports', async () => {
  const all = await Promise.all(['a', 'b', 'c', 'd'].map((name) => portsOf(name)));
  const ports = all.flatMap((one) => Object.values(one));
  assert.equal(new Set(ports).size, ports.length);
});

test('a remembered port that somebody else has taken is replaced', async () => {
  const first = await portsOf('moved');
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(first.rest, '127.0.0.1', resolve));
  const second = await portsOf('moved');
  taken.close();
  assert.notEqual(second.rest, first.rest);
  assert.equal(second.grpc, first.grpc);
});
