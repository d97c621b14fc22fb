import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errorCode, InfrastructureError } from './infrastructure-error.ts';

const othersMayEnter = 0o001;
const systemPlace = '/var/lib/mall';

/** The user a server runs as when this process is root: Postgres refuses to run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` when this process is root, else undefined: the server then runs as whoever runs the mall. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const fields = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'nobody');
  if (fields === undefined) {
    throw new InfrastructureError('Postgres does not run as root, and /etc/passwd names no user "nobody".', {
      next: 'run the mall as an ordinary user, or bring your own servers: `mall up --infra external`',
    });
  }
  return { uid: Number(fields[2]) >>> 0, gid: Number(fields[3]) >>> 0 };
}

/**
 * Where Postgres' binaries and data of a mall home live. That is the home itself, unless this process is root
 * and `nobody` cannot enter it (a checkout below a 0700 home folder): then a folder below /var/lib/mall, one
 * per home. Makes nothing.
 */
export function postgresPlace(home: string): string {
  if (serverUser() === undefined || everybodyMayEnter(home)) return home;
  const key = createHash('sha256').update(resolve(home)).digest('hex').slice(0, 12);
  return join(systemPlace, key);
}

/** Makes a folder, with those above it, that a server run as another user may enter whatever the umask. */
export function makeEnterable(folder: string): void {
  const made = makeFolder(resolve(folder));
  if (made === undefined || serverUser() === undefined) return;
  for (let at = resolve(folder); ; at = dirname(at)) {
    chmodSync(at, 0o755);
    if (at === resolve(made)) return;
  }
}

/**
 * Makes a folder with those above it; answers the first that had to be made. Node's own way to do so never ends where
 * a folder is there and nothing can be made in it, as below /proc.
 */
export function makeFolder(folder: string): string | undefined {
  if (existsSync(folder)) return undefined;
  const above = makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else has made it meanwhile.
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  return above ?? folder;
}

/** Folders that do not exist yet count as enterable: {@link makeEnterable} makes them so. */
function everybodyMayEnter(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const entry = statSync(at, { throwIfNoEntry: false });
    if (entry !== undefined && (entry.mode & othersMayEnter) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
