import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseImages, imageNames, officialImages, registryOf } from './images.ts';

test('without any choice the images are the official ones, each with a version', () => {
  assert.deepEqual(chooseImages({}), officialImages);
  assert.deepEqual([...imageNames].sort(), Object.keys(officialImages).sort());
  for (const image of Object.values(officialImages)) assert.match(image, /^[a-z/-]+:v?\d+\.\d+/);
});

test('a prefix stands before every image but those that are replaced', () => {
  const replaced = { nats: 'nats:edge' };
  for (const prefix of ['mirror.example/hub', 'mirror.example/hub/']) {
    const { nats, jaeger, postgres } = chooseImages({ replaced, prefix });
    assert.equal(nats, 'nats:edge');
    assert.equal(postgres, `mirror.example/hub/${officialImages.postgres}`);
    assert.equal(jaeger, `mirror.example/hub/${officialImages.jaeger}`);
  }
});

test('the registry of an image is told from a folder on Docker Hub', () => {
  assert.equal(registryOf('postgres:18'), 'docker.io');
  assert.equal(registryOf('grafana/grafana:12'), 'docker.io');
  assert.equal(registryOf('localhost/grafana:12'), 'localhost');
  assert.equal(registryOf('mirror.example/hub/postgres:18'), 'mirror.example');
  assert.equal(registryOf('registry:5000/postgres'), 'registry:5000');
});
