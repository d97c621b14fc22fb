import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { InfrastructureError, PortInUse } from './infrastructure-error.ts';
import { makeEnterable, type ServerUser, serverUser } from './place.ts';
import { freePort, isPortFree, portOwner } from './ports.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { postgresStopSteps, stopPostgresLeftover } from './postgres-leftover.ts';
import { postgresSettings } from './postgres-settings.ts';
import type { RunningServer } from './running-server.ts';
import { startServerProcess } from './server-process.ts';

const run = promisify(execFile);
const host = '127.0.0.1';
const superuser = 'mall';
const database = 'mall';
/** A crash leaves a log to replay before the first answer: as long as that takes on a slow disk. */
const readyWithinMs = 60_000;
const majorVersion = '18';

export interface PostgresOptions {
  /** Where the readable copy of the binaries is kept; see `postgresPlace`. */
  readonly place: string;
  readonly dataFolder: string;
  readonly logFile: string;
  /** A free one when absent. */
  readonly port?: number | undefined;
  /** Gives durability up for speed: a crash of the machine may then cost the whole data folder. */
  readonly fast?: boolean | undefined;
  /** Ends the start, and whatever it has started. */
  readonly signal?: AbortSignal | undefined;
  /** Told in one sentence whatever had to be put right before the start. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
}

/**
 * Starts Postgres on a data folder, made on first use, and waits until it answers a query; the database `mall`
 * is there then. Listens on loopback only and trusts everybody there: for development and tests.
 * A server that a killed mall has left on the folder is stopped first.
 * @throws InfrastructureError or PortInUse, with what to do about it
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningServer> {
  options.signal?.throwIfAborted();
  const user = serverUser();
  const binaries = postgresBinaries(options.place);
  const left = await stopPostgresLeftover(options.dataFolder);
  if (left !== undefined)
    options.onNotice?.(`stopped a Postgres (process ${left}) that a killed mall had left`);
  if (existsSync(options.dataFolder)) refuseForeignData(options.dataFolder, user);
  else await layOutDataFolder({ ...options, binaries, user });
  const port = await choosePort(options.port);
  const server = await startServerProcess({
    title: 'Postgres',
    command: binaries.postgres,
    args: serverArguments({ dataFolder: options.dataFolder, port, fast: options.fast ?? false }),
    logFile: options.logFile,
    user,
  });
  const stop = () => server.stop(postgresStopSteps);
  try {
    let version = '';
    await server.ready(
      async () => {
        version = await askVersion({ port, dataFolder: options.dataFolder });
      },
      { withinMs: readyWithinMs, signal: options.signal },
    );
    return { url: url(port, database), port, pid: server.pid, version, exited: server.exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverArguments(server: { dataFolder: string; port: number; fast: boolean }): string[] {
  const place = [`port=${server.port}`, `listen_addresses=${host}`, 'unix_socket_directories='];
  return [
    ...['-D', server.dataFolder],
    ...place.flatMap((setting) => ['-c', setting]),
    ...postgresSettings(server),
  ];
}

/** Made under another name and renamed, so that a killed `initdb` leaves nothing that looks finished. */
async function layOutDataFolder(
  options: PostgresOptions & { binaries: PostgresBinaries; user: ServerUser | undefined },
): Promise<void> {
  const { dataFolder, binaries, user } = options;
  const unfinished = `${dataFolder}.unfinished`;
  makeEnterable(dirname(dataFolder));
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  if (user !== undefined) chownSync(unfinished, user.uid, user.gid);
  const flags = ['--auth=trust', '--locale=C', '--encoding=UTF8', ...(options.fast ? ['--no-sync'] : [])];
  try {
    const initdb = run(binaries.initdb, ['-D', unfinished, '-U', superuser, ...flags], {
      ...user,
      signal: options.signal,
      cwd: '/',
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    });
    // An abort is told at once; the process it ends takes its time.
    const { child } = initdb;
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    await initdb.finally(() => (child.pid === undefined ? undefined : ended));
  } catch (error) {
    throw new InfrastructureError(`Postgres could not lay out its data folder ${dataFolder}.`, {
      cause: error,
      next: 'check free space and permissions there, or set MALL_HOME to another folder',
    });
  }
  renameSync(unfinished, dataFolder);
}

/** Postgres starts only on data of its own user and version; it says so less clearly. */
function refuseForeignData(dataFolder: string, user: ServerUser | undefined): void {
  const runsAs = user?.uid ?? process.getuid?.();
  const owner = statSync(dataFolder).uid;
  if (runsAs !== undefined && owner !== runsAs) {
    throw new InfrastructureError(
      `The data in ${dataFolder} belongs to user ${owner}; started like this, Postgres would run as user ${runsAs}.`,
      { next: 'start the mall as the user who started it first, or set MALL_HOME to another folder' },
    );
  }
  const versionFile = join(dataFolder, 'PG_VERSION');
  const found = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : 'no known version';
  if (found === majorVersion) return;
  throw new InfrastructureError(
    `The data in ${dataFolder} is of Postgres ${found}; this mall brings Postgres ${majorVersion}.`,
    { next: '`mall down --purge` removes it' },
  );
}

async function choosePort(wanted: number | undefined): Promise<number> {
  if (wanted === undefined) return freePort();
  if (await isPortFree(wanted)) return wanted;
  const owner = portOwner(wanted);
  throw new PortInUse({ port: wanted, wantedBy: 'Postgres', ...(owner === undefined ? {} : { owner }) });
}

/**
 * Asks for the version over a real connection, making the database on first use. The folder is compared, so
 * that another Postgres that took the port in the same instant is not mistaken for ours.
 */
async function askVersion(server: { port: number; dataFolder: string }): Promise<string> {
  const answer = await connected(url(server.port, 'postgres'), async (client) => {
    const known = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (known.rowCount === 0) await client.query(`create database ${database}`);
    return client.query<{ folder: string; version: string }>(
      `select current_setting('data_directory') as folder, current_setting('server_version') as version`,
    );
  });
  const [row] = answer.rows;
  if (row?.folder !== server.dataFolder) throw new Error(`another Postgres answers on port ${server.port}`);
  return row.version;
}

/** Runs work on a connection of its own and closes it. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // A server that goes away between two queries is told here first; the query's own rejection tells it again.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function url(port: number, name: string): string {
  return `postgres://${superuser}@${host}:${port}/${name}`;
}
