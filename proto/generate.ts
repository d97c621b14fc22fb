import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/*
 * Writes `proto/gen` anew from the .proto files: the TypeScript of every message and service, and the
 * descriptor set. With --check it writes nothing and exits 1 naming each file that differs.
 * Works without a network; equal sources give equal bytes on every machine.
 */

const sources = dirname(fileURLToPath(import.meta.url));
const committed = join(sources, 'gen');
const binaries = join(sources, '..', 'node_modules', '.bin');

/** Generated only because options import them; nothing reads options through these at run time. */
const surplus = ['google/api/annotations.ts', 'google/protobuf/descriptor.ts'];

function buf(workspace: string, ...args: readonly string[]): void {
  const outcome = spawnSync(join(binaries, 'buf'), args, {
    cwd: sources,
    encoding: 'utf8',
    // The plugin is found on PATH; the cache stays in the workspace, since a home may be read-only.
    env: {
      ...process.env,
      PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`,
      BUF_CACHE_DIR: join(workspace, 'cache'),
    },
  });
  if (outcome.error) throw outcome.error;
  if (outcome.status !== 0) throw new Error(`buf ${args[0]} failed:\n${outcome.stderr}${outcome.stdout}`);
}

/** Keeps our comments, which documents are made of, and drops those of Google's files: most of the size. */
function withoutForeignComments(descriptorSet: Uint8Array): Uint8Array {
  const set = fromBinary(FileDescriptorSetSchema, descriptorSet);
  for (const file of set.file) {
    if (file.name.startsWith('google/')) file.sourceCodeInfo = undefined;
  }
  return toBinary(FileDescriptorSetSchema, set);
}

function generate(workspace: string): string {
  const output = join(workspace, 'gen');
  const descriptorSet = join(output, 'descriptors.binpb');
  buf(workspace, 'generate', '--output', workspace);
  for (const file of surplus) rmSync(join(output, file));
  buf(workspace, 'build', '--as-file-descriptor-set', '--output', descriptorSet);
  writeFileSync(descriptorSet, withoutForeignComments(readFileSync(descriptorSet)));
  return output;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function differences(left: string, right: string): string[] {
  const names = new Set([...filesBelow(left), ...filesBelow(right)]);
  return [...names].sort().filter((name) => {
    const both = [join(left, name), join(right, name)];
    if (!both.every((path) => existsSync(path))) return true;
    const [a, b] = both.map((path) => readFileSync(path));
    return a === undefined || b === undefined || !a.equals(b);
  });
}

/** Touches only what differs, so that watchers and builds next to it rest. */
function replace(path: string, freshPath: string): void {
  if (existsSync(freshPath)) cpSync(freshPath, path);
  else rmSync(path);
}

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const workspace = mkdtempSync(join(tmpdir(), 'mall-proto-'));
  try {
    const fresh = generate(workspace);
    const differing = differences(committed, fresh);
    if (!values.check) {
      for (const name of differing) replace(join(committed, name), join(fresh, name));
      process.stderr.write(`proto/gen: ${differing.length} files changed\n`);
      return 0;
    }
    for (const name of differing) process.stdout.write(`proto/gen/${name}\n`);
    if (differing.length === 0) return 0;
    process.stderr.write('proto/gen differs from a fresh generation; run: node proto/generate.ts\n');
    return 1;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

process.exitCode = main();
