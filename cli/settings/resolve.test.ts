import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CliError } from '../cli-error.ts';
import { resolveSettings } from './resolve.ts';

const file = (values: Record<string, unknown>) => ({ path: '/shop/mall.config.ts', values });
const nothing = { flags: {}, environment: {}, file: undefined };

function refusalOf(sources: Parameters<typeof resolveSettings>[0]): CliError {
  try {
    resolveSettings(sources);
  } catch (error) {
    assert.ok(error instanceof CliError);
    return error;
  }
  assert.fail('the settings were accepted');
}

test('a setting nobody gives has its default', () => {
  const { settings, origins } = resolveSettings(nothing);
  assert.equal(settings.name, 'mall');
  assert.equal(settings.infra, 'auto');
  assert.equal(settings.port, undefined);
  assert.equal(origins.size, 0);
});

test('a flag comes before the environment, that before the file', () => {
  const environment = { MALL_PORT: '8082', MALL_GRPC_PORT: '9002' };
  const sources = {
    flags: { port: '8081' },
    environment,
    file: file({ port: 1, grpcPort: 2, natsPort: 14_000 }),
  };
  const { settings, origins } = resolveSettings(sources);
  assert.deepEqual([settings.port, settings.grpcPort, settings.natsPort], [8081, 9002, 14_000]);
  assert.deepEqual(
    [origins.get('port'), origins.get('grpcPort'), origins.get('natsPort')],
    ['flag', 'environment', 'file'],
  );
});

test('an empty variable counts as not set', () => {
  assert.equal(resolveSettings({ ...nothing, environment: { MALL_NAME: '' } }).settings.name, 'mall');
});

test('true and false can be written in the environment', () => {
  assert.equal(resolveSettings({ ...nothing, environment: { MALL_FAST: '1' } }).settings.fast, true);
  assert.equal(resolveSettings({ ...nothing, environment: { MALL_FAST: 'false' } }).settings.fast, false);
});

test('a bad flag is a usage error that names flag, value and complaint', () => {
  const refusal = refusalOf({ ...nothing, flags: { port: '80800' } });
  assert.equal(refusal.exitCode, 2);
  assert.match(refusal.message, /^--port cannot be "80800": it must be at most 65535\.$/);
});

test('a bad variable is a configuration error', () => {
  const refusal = refusalOf({ ...nothing, environment: { MALL_LOG_LEVEL: 'loud' } });
  assert.equal(refusal.exitCode, 3);
  assert.match(
    refusal.message,
    /^MALL_LOG_LEVEL cannot be "loud": it must be trace, debug, info, warn or error\.$/,
  );
});

test('a setting that other programs know by another variable is taken from there, unless ours is set', () => {
  const standard = { OTEL_TRACES_SAMPLER_ARG: '0.5' };
  assert.equal(resolveSettings({ ...nothing, environment: standard }).settings.tracing, '0.5');
  const both = { ...standard, MALL_TRACING: 'off' };
  assert.equal(resolveSettings({ ...nothing, environment: both }).settings.tracing, 'off');
  const bad = refusalOf({ ...nothing, environment: { OTEL_TRACES_SAMPLER_ARG: 'half' } });
  assert.match(bad.message, /^OTEL_TRACES_SAMPLER_ARG cannot be "half": it must be off, all, a share/);
});

test('a bad value in the file is told with the path of the file', () => {
  const refusal = refusalOf({ ...nothing, file: file({ startTimeout: 'soon' }) });
  assert.match(
    refusal.message,
    /^startTimeout in mall\.config\.ts \(\/shop\/mall\.config\.ts\) cannot be "soon"/,
  );
});

test('what this version does not offer is told with what it offers', () => {
  assert.match(
    refusalOf({ ...nothing, flags: { infra: 'podman' } }).message,
    /offers "auto" or "docker" or "embedded" or "external"/,
  );
  assert.match(
    refusalOf({ ...nothing, flags: { mode: 'nine' } }).message,
    /offers "monolith" or "microservices"/,
  );
});

test('images are named by what they are for', () => {
  const environment = { MALL_IMAGES: 'postgres=mirror.example:5000/pg:18, reaper=ryuk:1' };
  const { images } = resolveSettings({ ...nothing, environment }).settings;
  assert.deepEqual(images, { postgres: 'mirror.example:5000/pg:18', reaper: 'ryuk:1' });
  for (const MALL_IMAGES of ['postgres', 'postgres=', 'mysql=mysql:8']) {
    assert.match(
      refusalOf({ ...nothing, environment: { MALL_IMAGES } }).message,
      /it must name images as postgres=IMAGE/,
    );
  }
});

test('a prefix of images begins with a registry', () => {
  for (const MALL_IMAGE_PREFIX of ['mirror.example', 'localhost/hub', 'registry:5000/a/b/']) {
    assert.ok(resolveSettings({ ...nothing, environment: { MALL_IMAGE_PREFIX } }).settings.imagePrefix);
  }
  assert.match(
    refusalOf({ ...nothing, environment: { MALL_IMAGE_PREFIX: 'hub' } }).message,
    /it must begin with a registry's host/,
  );
});

test('a secret is not told', () => {
  const refusal = refusalOf({
    ...nothing,
    environment: { MALL_POSTGRES_URL: 'mysql://mall:s3cret@host/mall' },
  });
  assert.doesNotMatch(refusal.message, /s3cret/);
  assert.match(
    refusal.message,
    /^MALL_POSTGRES_URL cannot be its value: it must be an address that begins with/,
  );
});

test('names that are no folder names are refused', () => {
  for (const name of ['Mall', 'a.b', '../x', '', 'tools', 'x'.repeat(32)]) {
    assert.equal(refusalOf({ ...nothing, flags: { name } }).exitCode, 2, name);
  }
});
