import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineAddress } from './engine-address.ts';

test('an engine is reached over a socket, a pipe, or TCP on this machine', () => {
  const connectionOf = (dockerHost: string) => {
    const address = engineAddress(dockerHost);
    assert.ok('connection' in address, dockerHost);
    return address.connection;
  };
  assert.deepEqual(connectionOf('unix:///run/user/1000/docker.sock'), {
    socketPath: '/run/user/1000/docker.sock',
  });
  assert.deepEqual(connectionOf('npipe:////./pipe/docker_engine'), { socketPath: '//./pipe/docker_engine' });
  assert.deepEqual(connectionOf('tcp://localhost:2376'), { host: 'localhost', port: 2376 });
  assert.deepEqual(connectionOf('tcp://[::1]'), { host: '::1', port: 2375 });
});

test('an engine on another machine, or behind ssh, is refused with the reason', () => {
  const complaintOf = (dockerHost: string) => {
    const address = engineAddress(dockerHost);
    assert.ok('complaint' in address, dockerHost);
    return address.complaint;
  };
  assert.match(complaintOf('tcp://docker:2375'), /tcp:\/\/docker:2375 runs on another machine/);
  assert.match(complaintOf('ssh://me@build.example'), /behind ssh:\/\/ cannot be used/);
  assert.match(complaintOf('here'), /here is no address of an engine/);
});
