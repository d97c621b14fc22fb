import { existsSync, readdirSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Folders of features/ that hold features of the mall; the others hold what they are run with. */
function featureFolders(): string[] {
  const folders = readdirSync(join(root, 'features'), { withFileTypes: true }).filter((each) =>
    each.isDirectory(),
  );
  return folders
    .map(({ name }) => join(root, 'features', name))
    .filter((folder) => readdirSync(folder).some((name) => name.endsWith('.feature')));
}

/** Our World, hooks and steps, which features of others use as well. */
const ourSteps = ['features/world/hooks', 'features/steps/*'].map(
  (path) => `${join(root, path)}${extname(import.meta.url)}`,
);

/** Tags of scenarios that need more than the doors of the mall, and what that is. */
const needs = {
  '@grpc': 'the gRPC door',
  '@inside': 'databases and broker',
  '@lab': 'a mall of their own',
  '@strict': 'a mall of their own',
  '@guarded': 'a mall of their own',
  '@other-mode': 'a mall of their own',
} as const;

/** What a run has to offer its scenarios. */
export interface Reach {
  readonly inside: boolean;
  readonly grpc: boolean;
  /** Whether scenarios may start malls of their own. */
  readonly ownMalls: boolean;
}

/** Tags whose scenarios have to be left out. */
export function outOfReach({ inside, grpc, ownMalls }: Reach): readonly (keyof typeof needs)[] {
  return [
    ...(grpc ? [] : (['@grpc'] as const)),
    ...(inside ? [] : (['@inside'] as const)),
    ...(ownMalls ? [] : (['@lab', '@strict', '@guarded', '@other-mode'] as const)),
  ];
}

/** What the scenarios of those tags need, each something of it. */
export function needsOf(tags: readonly (keyof typeof needs)[]): string {
  return [...new Set(tags.map((tag) => needs[tag]))].join(' or ');
}

/** One tag expression of what was asked for and what can be had. */
export function tagExpression(asked: string | undefined, left: readonly string[]): string {
  return [...(asked === undefined ? [] : [`(${asked})`]), ...left.map((tag) => `not ${tag}`)].join(' and ');
}

/** The feature files of a run, as cucumber takes them. @throws CliError (2) for what is not there */
export function featurePaths(named: readonly string[]): string[] {
  if (named.length === 0) return featureFolders().map((folder) => join(folder, '**/*.feature'));
  return named.map((path) => {
    const file = resolve(path.replace(/(:\d+)*$/, ''));
    if (!existsSync(file)) throw missing(path, '`--features ./my` names a folder of feature files');
    return statSync(file).isDirectory() ? join(file, '**/*.feature') : resolve(path);
  });
}

/** The step files of a run: ours, then those of whoever brings features of their own. @throws CliError (2) */
export function stepPaths(named: readonly string[]): string[] {
  const theirs = named.map((path) => {
    const file = resolve(path);
    if (!existsSync(file)) throw missing(path, '`--steps ./my-steps` names a folder of step files');
    return statSync(file).isDirectory() ? join(file, '**/*.{ts,mts,js,mjs}') : file;
  });
  return [...ourSteps, ...theirs];
}

function missing(path: string, next: string): CliError {
  return new CliError(`There is no ${path}.`, { exitCode: exitCodes.usage, next });
}
