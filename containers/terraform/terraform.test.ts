import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import hcl from 'hcl2-parser';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { officialImages } from '../docker/images.ts';

const folder = new URL('./', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.tf'));
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const everything = names.map(textOf).join('\n');

/** What the parser makes of a text: its document, or undefined and what is wrong with it. */
function read(text: string): { document: string; problem: unknown } {
  const [document, problem] = z.tuple([z.string(), z.unknown()]).parse(hcl.parseToString(text));
  return { document, problem };
}

const blocks = z.record(z.string(), z.unknown());
const documentOf = (name: string) => blocks.parse(JSON.parse(read(textOf(name)).document));

test('every file is HCL', () => {
  assert.ok(names.length >= 6);
  for (const name of names) {
    const { document, problem } = read(textOf(name));
    assert.notEqual(document, '', `${name}: ${JSON.stringify(problem)}`);
  }
  assert.equal(read('resource "a" "b" {{').document, '', 'and the parser knows what is not');
});

test('whatever is named is there', () => {
  const declared = new Set<string>();
  for (const [, kind = '', one = '', two = ''] of everything.matchAll(
    /^(\w+) "([\w-]+)"(?: "([\w-]+)")? \{/gm,
  )) {
    if (kind === 'variable') declared.add(`var.${one}`);
    if (kind === 'module') declared.add(`module.${one}`);
    if (kind === 'resource') declared.add(`${one}.${two}`);
    if (kind === 'data') declared.add(`data.${one}.${two}`);
  }
  for (const name of names) {
    const locals = z.array(blocks).optional().parse(documentOf(name).locals) ?? [];
    for (const key of locals.flatMap((each) => Object.keys(each))) declared.add(`local.${key}`);
  }
  const references = everything.matchAll(/\b((?:var|module|local)\.\w+|(?:data\.)?aws_\w+\.\w+)/g);
  for (const [, reference = ''] of references) assert.ok(declared.has(reference), reference);
  for (const each of declared)
    if (each.startsWith('var.')) assert.ok(everything.split(each).length > 1, `${each} is used`);
});

test('modules, charts and providers are pinned', () => {
  const modules = [
    ...everything.matchAll(/source {2}= "terraform-aws-modules\/[^"]+"\n {2}version = "([^"]+)"/g),
  ];
  assert.equal(modules.length, [...everything.matchAll(/^module "/gm)].length);
  for (const [, version = ''] of modules) assert.match(version, /^\d+\.\d+\.\d+$/);
  for (const [, version = ''] of everything.matchAll(/source = "hashicorp\/\w+", version = "([^"]+)"/g))
    assert.match(version, /^~> \d+\.\d+$/);
});

test('address ranges and versions are those that the manifests and the images have', () => {
  const ranges = (name: string) =>
    [...(new RegExp(`${name} += \\[([^\\]]+)\\]`).exec(everything)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(
      ([, range = '']) => range,
    );
  const policies = readFileSync(new URL('../kubernetes/network-policies.yaml', folder), 'utf8');
  const allowed = parseAllDocuments(policies).flatMap((document) => [
    ...JSON.stringify(document.toJS()).matchAll(/"cidr":"([^"]+)"/g),
  ]);
  const wide = new Set(allowed.map(([, range = '']) => range));
  const within = (range: string) => [...wide].some((each) => contains(each, range));
  assert.equal(wide.size, 2);
  for (const range of [...ranges('public_subnets'), ...ranges('database_subnets')])
    assert.ok(within(range), range);
  for (const range of ranges('private_subnets')) assert.ok(!within(range), range);
  const [, major] = /postgres:(\d+)/.exec(officialImages.postgres) ?? [];
  assert.match(everything, new RegExp(`engine_version = "${major}"`));
  assert.match(everything, new RegExp(`family = "postgres${major}"`));
});

/** Whether a range of addresses is part of another. */
function contains(outer: string, inner: string): boolean {
  const [outerBits = '', innerBits = ''] = [outer, inner].map((range) => {
    const [address = '', length] = range.split('/');
    const bits = address.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
    return bits.join('').slice(0, Number(length));
  });
  return innerBits.startsWith(outerBits);
}
