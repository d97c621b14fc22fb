import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { errorCode } from './infrastructure-error.ts';
import { commandLine } from './processes.ts';

const loopback = '127.0.0.1';
const listening = '0A';

/** Below the ports that systems lend to outgoing connections, which may take one of those at any moment. */
const drawnFrom = { first: 24_000, count: 8_000 };
const draws = 50;
/** The last drawn by this process, which may not listen on them yet; the oldest are forgotten. */
const drawn = new Set<number>();
const MOST_REMEMBERED = 1_000;

/**
 * A port nobody listens on now, drawn by chance, and another each time: of the twenty that a mall apart draws before it
 * listens on any, two would be the same in one start of forty. Another process may still take it before its user does;
 * the user then reports it.
 */
export async function freePort(host = loopback): Promise<number> {
  for (let draw = 0; draw < draws; draw++) {
    const port = drawnFrom.first + randomInt(drawnFrom.count);
    if (drawn.has(port)) continue;
    remember(port);
    if (await isPortFree(port, host)) return port;
  }
  const port = await probe(0, host);
  if (port === undefined) throw new Error('the system has no free port left');
  return port;
}

function remember(port: number): void {
  drawn.add(port);
  for (const oldest of drawn) {
    if (drawn.size <= MOST_REMEMBERED) break;
    drawn.delete(oldest);
  }
}

/** Whether somebody could listen on this port of this host now. */
export async function isPortFree(port: number, host = loopback): Promise<boolean> {
  return (await probe(port, host)) !== undefined;
}

/**
 * Which process listens on a port, as `process 123 (its command)`. Best effort: Linux only, and other users'
 * processes show themselves to root alone.
 */
export function portOwner(port: number): string | undefined {
  const inode = listenerInode(port);
  const pid = inode === undefined ? undefined : ownerOfSocket(inode);
  if (pid === undefined) return undefined;
  const command = commandLine(pid) ?? 'unknown command';
  return `process ${pid} (${command.length > 60 ? `${command.slice(0, 57)}...` : command})`;
}

function probe(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const taken = errorCode(error) === 'EADDRINUSE';
      if (taken) resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

function listenerInode(port: number): string | undefined {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of read(table).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(wanted) && fields[3] === listening) return fields[9];
    }
  }
  return undefined;
}

function ownerOfSocket(inode: string): number | undefined {
  for (const entry of list('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const folder = `/proc/${entry}/fd`;
    if (list(folder).some((fd) => link(`${folder}/${fd}`) === `socket:[${inode}]`)) return Number(entry);
  }
  return undefined;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
