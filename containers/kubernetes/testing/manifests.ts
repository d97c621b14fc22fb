import { existsSync, readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const operations = z.array(z.strictObject({ op: z.literal('replace'), path: z.string(), value: z.string() }));

/** What kustomize knows and these folders use of it. */
const kustomization = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  namespace: z.string().optional(),
  nameSuffix: z.string().default(''),
  resources: z.array(z.string()).default([]),
  labels: z
    .array(z.strictObject({ includeSelectors: z.literal(true), pairs: z.record(z.string(), z.string()) }))
    .default([]),
  configMapGenerator: z
    .array(
      z.strictObject({
        name: z.string(),
        envs: z.array(z.string()).optional(),
        files: z.array(z.string()).optional(),
      }),
    )
    .default([]),
  patches: z
    .array(
      z.strictObject({
        target: z.strictObject({ kind: z.string() }),
        patch: z.string().transform((text) => operations.parse(parse(text))),
      }),
    )
    .default([]),
  images: z.array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() })).default([]),
});
export type Kustomization = z.output<typeof kustomization>;

const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
export type Manifest = z.output<typeof manifest>;

export function readKustomization(folder: URL): Kustomization {
  return kustomization.parse(parse(readFileSync(new URL('kustomization.yaml', folder), 'utf8')));
}

/**
 * The objects of a folder as kustomize would make them, as far as these folders ask it to: resources, names, labels and
 * single values.
 * Maps of configuration stay as they are written.
 */
export function manifestsIn(folder: URL): readonly Manifest[] {
  const { resources, nameSuffix, labels, patches } = readKustomization(folder);
  const found = resources.flatMap((resource) => {
    const inner = new URL(`${resource}/`, folder);
    if (existsSync(new URL('kustomization.yaml', inner))) return manifestsIn(inner);
    const text = readFileSync(new URL(resource, folder), 'utf8');
    return parseAllDocuments(text).map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return manifest.parse(document.toJS());
    });
  });
  const pairs = Object.assign({}, ...labels.map((each) => each.pairs));
  return found.map((each) => {
    const named = { ...each, metadata: { ...each.metadata, name: each.metadata.name + nameSuffix } };
    const patched = patches
      .filter(({ target }) => target.kind === each.kind)
      .flatMap(({ patch }) => patch)
      .reduce<unknown>((so, { path, value }) => replaced(so, path.split('/').slice(1), value), named);
    return manifest.parse(withLabels(patched, pairs));
  });
}

/** The same with another value at a path that is there. */
function replaced(within: unknown, [key, ...rest]: readonly string[], value: string): unknown {
  if (key === undefined) return value;
  if (typeof within !== 'object' || within === null || !(key in within))
    throw new Error(`there is no ${key}`);
  const changed = Object.entries(within).map(([name, each]): [string, unknown] => [
    name,
    name === key ? replaced(each, rest, value) : each,
  ]);
  return Array.isArray(within) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

/** Wherever there are labels, or labels are looked for: the same in the objects that these folders have. */
function withLabels(value: unknown, pairs: Readonly<Record<string, string>>, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => withLabels(each, pairs));
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withLabels(each, pairs, name)]),
  );
  const isSelector = key === 'selector' && !('matchLabels' in inner);
  return key === 'labels' || key === 'matchLabels' || isSelector ? { ...inner, ...pairs } : inner;
}
