import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as kubernetes from 'kubernetes-models';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { logicalName } from '../../cli/settings/addresses.ts';
import { resolveSettings } from '../../cli/settings/resolve.ts';
import { settingsTable } from '../../cli/settings/table.ts';
import { contextNames } from '../../proto/contexts.ts';
import { calledElsewhere } from '../../services/mall.ts';
import { officialImages } from '../docker/images.ts';
import { natsBinary } from '../embedded/index.ts';
import { type Manifest, manifestsIn, readKustomization } from './testing/manifests.ts';

const folder = new URL('./', import.meta.url);
const manifests = manifestsIn(folder);
const named = (kind: string, name: string) =>
  manifests.find((each) => each.kind === kind && each.metadata.name === name) ??
  assert.fail(`${kind} ${name}`);

const labels = z.record(z.string(), z.string());
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
const reference = z.object({ name: z.string(), key: z.string() });
const container = z.object({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
  envFrom: z
    .array(
      z.union([
        z.strictObject({ configMapRef: z.object({ name: z.string() }) }),
        z.strictObject({ prefix: z.string(), secretRef: z.object({ name: z.string() }) }),
      ]),
    )
    .default([]),
  env: z
    .array(
      z.object({
        name: z.string(),
        value: z.string().optional(),
        valueFrom: z.looseObject({ secretKeyRef: reference.optional() }).optional(),
      }),
    )
    .default([]),
  startupProbe: probe.optional(),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  resources: z.object({
    requests: z.object({ cpu: z.string(), memory: z.string() }),
    limits: z.object({ memory: z.string() }),
  }),
  securityContext: z.object({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
});
const workload = z.object({
  spec: z.object({
    replicas: z.number().optional(),
    template: z.object({
      metadata: z.object({ labels, annotations: labels.optional() }),
      spec: z.object({
        automountServiceAccountToken: z.literal(false),
        terminationGracePeriodSeconds: z.number().optional(),
        securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.literal(1000) }),
        containers: z.tuple([container]),
      }),
    }),
  }),
});
const workloadKinds = ['Deployment', 'StatefulSet', 'Job'];
const workloads = manifests.filter(({ kind }) => workloadKinds.includes(kind));
const podOf = (each: Manifest) => workload.parse(each).spec.template;
const containerOf = (each: Manifest) => podOf(each).spec.containers[0];
const configuration = Object.fromEntries(
  readFileSync(new URL('mall.env', folder), 'utf8')
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);

type Model = new (data: object) => { validate(): void };

/** The model that Kubernetes' own schemas were made into; they are by group, version and kind. */
function modelOf({ apiVersion, kind }: Manifest, among: unknown = kubernetes): Model | undefined {
  if (typeof among !== 'object' || among === null) return undefined;
  for (const each of Object.values(among)) {
    const found = isModelOf(each, apiVersion, kind)
      ? each
      : modelOf({ apiVersion, kind, metadata: { name: '' } }, each);
    if (found) return found;
  }
  return undefined;
}

function isModelOf(value: unknown, apiVersion: string, kind: string): value is Model {
  if (typeof value !== 'function' || !('apiVersion' in value) || !('kind' in value)) return false;
  return value.apiVersion === apiVersion && value.kind === kind;
}

describe('each object is what the schema of Kubernetes wants', () => {
  for (const each of manifests) {
    test(`${each.kind} ${each.metadata.name}`, () => {
      const Model = modelOf(each) ?? assert.fail(`${each.apiVersion} ${each.kind} is known`);
      new Model(each).validate();
    });
  }
});

test('a field that there is not is found', () => {
  const [first] = workloads;
  assert.ok(first);
  const Model = modelOf(first) ?? assert.fail();
  assert.throws(() => new Model({ ...first, spec: { replicaz: 2 } }).validate());
});

test('every context, the gateway and the broker run, two or three of each', () => {
  const counted = workloads
    .filter(({ kind }) => kind !== 'Job')
    .map((each) => [each.metadata.name, workload.parse(each).spec.replicas]);
  const expected = [['nats', 3], ...contextNames.map((name) => [`mall-${name}`, 2]), ['gateway', 2]];
  assert.deepEqual(counted.sort(), expected.sort());
  for (const [name] of expected) {
    const budget = z
      .object({
        spec: z.object({ maxUnavailable: z.literal(1), selector: z.object({ matchLabels: labels }) }),
      })
      .parse(named('PodDisruptionBudget', String(name)));
    const pod = podOf(named(name === 'nats' ? 'StatefulSet' : 'Deployment', String(name)));
    for (const [key, value] of Object.entries(budget.spec.selector.matchLabels))
      assert.equal(pod.metadata.labels[key], value, `the budget of ${name} is its own`);
  }
});

test('services lead to ports that their pods have', () => {
  const shape = z.object({
    spec: z.object({
      selector: labels,
      ports: z.array(z.object({ name: z.string(), port: z.number(), targetPort: z.string() })),
    }),
  });
  for (const each of manifests.filter(({ kind }) => kind === 'Service')) {
    const { selector, ports } = shape.parse(each).spec;
    const chosen = workloads.filter((pod) =>
      Object.entries(selector).every(([key, value]) => podOf(pod).metadata.labels[key] === value),
    );
    assert.equal(chosen.length, 1, `${each.metadata.name} leads to one workload`);
    const open = new Set(chosen.flatMap((pod) => containerOf(pod).ports.map(({ name }) => name)));
    for (const { targetPort } of ports)
      assert.ok(open.has(targetPort), `${each.metadata.name}: ${targetPort}`);
  }
});

describe('settings are those that the mall knows', () => {
  const ours = workloads.filter((each) => containerOf(each).image === 'mall');
  for (const each of ours) {
    test(each.metadata.name, () => {
      const { env, envFrom, args, ports } = containerOf(each);
      const [, context] = /^mall-(\w+)$/.exec(each.metadata.name) ?? [];
      const shared = envFrom.length > 0 ? configuration : {};
      const own: Record<string, string> = {};
      for (const { name, value } of env) own[name] = expanded(value ?? secretLike(name), own);
      const given: Readonly<Record<string, string>> = { ...shared, ...own };
      const { settings } = resolveSettings({ flags: {}, environment: given, file: undefined });
      for (const name of Object.keys(given))
        assert.match(
          name,
          /^(MALL_|OTEL_|CONTEXT$|DATABASE_|[A-Z]+_OWNER_PASSWORD$|NODE_EXTRA_CA_CERTS$)/,
          name,
        );
      for (const name of Object.keys(given).filter((key) => key.startsWith('MALL_')))
        assert.ok(knownVariables.has(name), `${name} is a setting`);
      const migrates = each.metadata.name === 'migrations';
      assert.equal(settings.migrationUrl !== undefined, migrates, 'one knows the owners');
      assert.deepEqual(args, argumentsOf(each.metadata.name, context));
      if (migrates) {
        assert.deepEqual(
          Object.keys(settings.migrationPasswords ?? {}).sort(),
          contextNames.map(logicalName).sort(),
        );
        return;
      }
      assert.deepEqual(ports.map(({ containerPort }) => containerPort).sort(), [8080, 9000]);
      for (const name of context === undefined
        ? contextNames
        : calledElsewhere(contextNames.filter((one) => one === context)))
        assert.equal(settings.services?.[logicalName(name)], `mall-${name}:9000`);
    });
  }
  test('the stream is on all servers of the broker', () => {
    assert.equal(configuration.MALL_NATS_REPLICAS, '3');
    for (const name of contextNames) {
      assert.ok(configuration.MALL_SERVICES?.includes(`${logicalName(name)}=mall-${name}:9000`));
      assert.ok(configuration.MALL_SERVICE_URLS?.includes(`${logicalName(name)}=http://mall-${name}:8080`));
      named('Service', `mall-${name}`);
    }
  });
});

const knownVariables = new Set(Object.values(settingsTable).map(({ environment }) => environment));

function argumentsOf(name: string, context: string | undefined): readonly string[] {
  if (name === 'migrations') return ['--context', 'all', '--migrate'];
  return ['--context', context === undefined ? 'gateway' : '$(CONTEXT)'];
}

/** As Kubernetes puts in what has been said before. */
function expanded(value: string, before: Readonly<Record<string, string>>): string {
  return value.replaceAll(/\$\((\w+)\)/g, (whole, name: string) => before[name] ?? whole);
}

/** A value of the kind that the secret has. */
function secretLike(name: string): string {
  if (name.endsWith('_URL')) return 'nats://mall:x@nats:4222';
  if (name.startsWith('DATABASE_') || name.endsWith('_OWNER_PASSWORD')) return 'some-value';
  return 'a secret of 32 characters or more';
}

test('secrets come by reference, and probes ask what the mall answers', () => {
  for (const each of workloads) {
    const { env, image, startupProbe, readinessProbe, livenessProbe } = containerOf(each);
    for (const { name, value, valueFrom } of env) {
      if (value !== undefined && /PASSWORD|SECRET|_URL$/.test(name)) {
        const secrets = value.replaceAll(/\$\(\w+\)/g, '');
        assert.doesNotMatch(secrets, /\/\/[^/@]*:[^/@]+@|[A-Z]=[^,\s]/, `${each.metadata.name}: ${name}`);
      } else if (/PASSWORD|SECRET|_URL$/.test(name))
        assert.ok(valueFrom?.secretKeyRef, `${each.metadata.name}: ${name}`);
      else assert.ok(value !== undefined || valueFrom !== undefined);
    }
    if (image !== 'mall' || each.kind === 'Job') continue;
    const asked = [startupProbe, readinessProbe, livenessProbe].map((one) => one?.httpGet);
    for (const get of asked) {
      assert.ok(get, each.metadata.name);
      assert.match(get.path, /^\/(readiness|liveness)$/);
      assert.equal(get.port, 'http');
    }
    assert.equal(livenessProbe?.httpGet.path, '/liveness', 'one that waits for another is not killed');
    const { terminationGracePeriodSeconds } = podOf(each).spec;
    assert.ok((terminationGracePeriodSeconds ?? 0) > 10, 'a stop may take ten seconds');
  }
});

test('each context has the password of its own role and no other', () => {
  for (const name of contextNames) {
    const { env } = containerOf(named('Deployment', `mall-${name}`));
    const keys = env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []);
    const passwords = keys.filter((key) => key.name === 'mall-services').map(({ key }) => key);
    assert.deepEqual(passwords, [`${logicalName(name)}_PASSWORD`]);
    assert.ok(!keys.some((key) => key.name === 'mall-owners'), name);
  }
  const { envFrom } = containerOf(named('Job', 'databases'));
  assert.deepEqual(envFrom, [
    { prefix: 'MALL_', secretRef: { name: 'mall-services' } },
    { prefix: 'MALL_', secretRef: { name: 'mall-owners' } },
  ]);
});

test('Prometheus asks every process for its metrics, the gateway for its own', () => {
  for (const name of [...contextNames.map((each) => `mall-${each}`), 'gateway']) {
    const annotations = labels.parse(podOf(named('Deployment', name)).metadata.annotations);
    assert.equal(annotations['prometheus.io/scrape'], 'true', name);
    const service = annotations['prometheus.io/param_service'];
    assert.equal(service, name === 'gateway' ? name : undefined);
  }
});

test('images are pinned, the same as beside mall up', () => {
  const images = new Set(workloads.map((each) => containerOf(each).image));
  assert.deepEqual(images, new Set([officialImages.nats, officialImages.postgres, 'mall']));
  const [mall] = readKustomization(folder).images;
  assert.match(mall?.newTag ?? '', /^\d+\.\d+\.\d+$/);
});

test('the broker takes its configuration', async () => {
  const { path } = await natsBinary();
  const { status, stderr } = spawnSync(
    path,
    ['-t', '--config', fileURLToPath(new URL('nats.conf', folder))],
    {
      encoding: 'utf8',
      env: { POD_NAME: 'nats-0', NATS_USER: 'mall', NATS_PASSWORD: 'secret' },
    },
  );
  assert.equal(status, 0, stderr);
});

const kustomize = spawnSync('kustomize', ['version'], { encoding: 'utf8' });
test('kustomize makes the same of it', { skip: kustomize.status !== 0 && 'kustomize is not here' }, () => {
  const { status, stdout, stderr } = spawnSync('kustomize', ['build', fileURLToPath(folder)], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const made = parseAllDocuments(stdout)
    .map((document) => document.toJS())
    .filter(({ kind }) => kind !== 'ConfigMap');
  assert.equal(made.length, manifests.length);
  const selectors = z.object({ spec: z.object({ selector: z.unknown(), template: z.unknown() }).partial() });
  for (const each of made) {
    const ours = named(each.kind, each.metadata.name);
    if (!('spec' in each) || !('spec' in ours)) continue;
    assert.deepEqual(
      selectors.parse(each).spec.selector,
      selectors.parse(ours).spec.selector,
      each.metadata.name,
    );
  }
});
