import { errorCode, reason } from '../embedded/index.ts';
import { DockerEngine } from './engine.ts';
import { engineAddress, namedEngine, type Surroundings, theseSurroundings } from './engine-address.ts';

/** Why there is no engine to be used. */
export interface NoEngine {
  /** A sentence without its full stop. */
  readonly complaint: string;
  /** Whether something names an engine or left its socket: then people expect it to be used. */
  readonly expected: boolean;
  readonly next: string;
}

const withoutDocker = '`mall up --infra embedded` needs none';

/** The engine on this machine that answers a ping, or why there is none. Takes milliseconds, a second at most. */
export async function findEngine(
  surroundings: Surroundings = theseSurroundings(),
): Promise<DockerEngine | NoEngine> {
  const named = namedEngine(surroundings);
  if (named === undefined) {
    const next = `install Docker and start it; ${withoutDocker}`;
    return { complaint: 'there is no Docker engine on this machine', expected: false, next };
  }
  const address = engineAddress(named);
  if ('complaint' in address) {
    const next = `set DOCKER_HOST to an engine on this machine; ${withoutDocker}`;
    return { complaint: address.complaint, expected: true, next };
  }
  const engine = new DockerEngine(address);
  try {
    await engine.ping();
    return engine;
  } catch (error) {
    return silentEngine(named, error);
  }
}

function silentEngine(dockerHost: string, error: unknown): NoEngine {
  if (errorCode(error) === 'EACCES' || errorCode(error) === 'EPERM') {
    return {
      complaint: `this user may not use the Docker engine at ${dockerHost}`,
      expected: true,
      next: `add the user to its group (\`sudo usermod -aG docker $USER\`, then log in again); ${withoutDocker}`,
    };
  }
  return {
    complaint: `the Docker engine at ${dockerHost} does not answer (${errorCode(error) ?? reason(error)})`,
    // Windows always has a name for its pipe, with an engine behind it or not.
    expected: !dockerHost.startsWith('npipe:'),
    next: `start it; ${withoutDocker}`,
  };
}
