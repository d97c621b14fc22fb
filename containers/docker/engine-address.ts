import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** How an engine is reached: over a socket file, or over TCP on this machine. */
export interface EngineAddress {
  /** As DOCKER_HOST names it. */
  readonly dockerHost: string;
  readonly connection: { readonly socketPath: string } | { readonly host: string; readonly port: number };
}

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];
const usualSocket = '/var/run/docker.sock';
const windowsPipe = 'npipe:////./pipe/docker_engine';

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

export function theseSurroundings(): Surroundings {
  return { environment: process.env, home: homedir(), platform: process.platform };
}

/**
 * Which engine is meant, as DOCKER_HOST would name it: DOCKER_HOST itself, else the docker command's context, else
 * the first socket that is there, the system's before the user's own. Undefined where nothing names one.
 */
export function namedEngine(surroundings: Surroundings): string | undefined {
  const { environment, platform } = surroundings;
  if (environment.DOCKER_HOST) return environment.DOCKER_HOST;
  const chosen = contextHost(surroundings);
  if (chosen !== undefined) return chosen;
  if (platform === 'win32') return windowsPipe;
  const socket = [usualSocket, ...userSockets(surroundings)].find((path) => existsSync(path));
  return socket === undefined ? undefined : `unix://${socket}`;
}

/**
 * The address a DOCKER_HOST stands for.
 * @returns a complaint instead where it cannot be used: the mall and its containers meet on loopback, so the engine
 * has to run on this machine
 */
export function engineAddress(dockerHost: string): EngineAddress | { readonly complaint: string } {
  const [, pipe] = /^npipe:\/\/(\/\/.+)$/.exec(dockerHost) ?? [];
  if (pipe !== undefined) return { dockerHost, connection: { socketPath: pipe } };
  if (!URL.canParse(dockerHost)) return { complaint: `${dockerHost} is no address of an engine` };
  const { protocol, hostname, port, pathname } = new URL(dockerHost);
  if (protocol === 'unix:') return { dockerHost, connection: { socketPath: pathname } };
  if (protocol !== 'tcp:' && protocol !== 'http:') {
    return { complaint: `an engine behind ${protocol}// cannot be used, one behind unix:// or tcp:// can` };
  }
  if (!loopbackHosts.includes(hostname)) {
    return {
      complaint: `the engine at ${dockerHost} runs on another machine, out of reach of a mall on loopback`,
    };
  }
  const host = hostname.replaceAll(/[[\]]/g, '');
  return { dockerHost, connection: { host, port: Number(port || '2375') } };
}

/** The engine of the docker command's current context; undefined for the default one, which the sockets stand for. */
function contextHost({ environment, home }: Surroundings): string | undefined {
  const folder = environment.DOCKER_CONFIG ?? join(home, '.docker');
  const name = environment.DOCKER_CONTEXT ?? textAt(join(folder, 'config.json'), 'currentContext');
  if (name === undefined || name === '' || name === 'default') return undefined;
  const key = createHash('sha256').update(name).digest('hex');
  return textAt(join(folder, 'contexts/meta', key, 'meta.json'), 'Endpoints', 'docker', 'Host');
}

function userSockets({ environment, home }: Surroundings): string[] {
  const runtimeFolders = [environment.XDG_RUNTIME_DIR, `/run/user/${userInfo().uid}`];
  return [
    ...runtimeFolders.filter((folder) => folder !== undefined).map((folder) => join(folder, 'docker.sock')),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
  ];
}

/** A text inside a JSON file; undefined where there is none. */
function textAt(path: string, ...keys: readonly string[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return typeof value === 'string' ? value : undefined;
}
