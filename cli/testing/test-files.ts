import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** Folders whose code has tests beside it. */
const folders = ['services', 'cli', 'containers', 'proto', 'features', 'pacts'];

/**
 * Kinds of tests, told apart by file name: `*.test.ts` does no input or output, `*.int.test.ts` uses one real
 * Postgres or NATS, `*.docker.test.ts` starts containers, where an engine answers, `*.contract.test.ts` makes pacts.
 */
export type TestKind = 'unit' | 'integration' | 'docker' | 'contract';

const kindOfQualifier: Readonly<Record<string, TestKind>> = {
  int: 'integration',
  docker: 'docker',
  contract: 'contract',
};

/** The kind a file name stands for; undefined when it is no test of ours. */
export function testKind(path: string): TestKind | undefined {
  const [, qualifier] = /(?:\.([a-z]+))?\.test\.ts$/.exec(path) ?? [undefined, 'none'];
  if (qualifier === undefined) return 'unit';
  return kindOfQualifier[qualifier];
}

/** Every test of the wanted kinds below a root, in a stable order, as paths relative to it. */
export function findTests(root: string, kinds: readonly TestKind[]): string[] {
  return folders
    .flatMap((folder) => testsBelow(join(root, folder), kinds))
    .map((path) => relative(root, path));
}

/** Tests in the files and folders that were named. Files of tests count whatever their kind. */
export function namedTests(named: {
  root: string;
  paths: readonly string[];
  kinds: readonly TestKind[];
}): string[] {
  return named.paths
    .map((path) => resolve(path))
    .flatMap((path) =>
      statSync(path).isDirectory() ? testsBelow(path, named.kinds) : isTest(path) ? [path] : [],
    )
    .map((path) => relative(named.root, path));
}

function isTest(path: string): boolean {
  return testKind(path) !== undefined;
}

function testsBelow(folder: string, kinds: readonly TestKind[]): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const foreign = entry.name === 'node_modules' || entry.name.startsWith('.');
      return foreign ? [] : testsBelow(path, kinds);
    }
    const kind = testKind(entry.name);
    return kind !== undefined && kinds.includes(kind) ? [path] : [];
  });
}
