import { isPortFree, portOwner, reason } from '../../containers/embedded/index.ts';
import { isRunning, listMalls, type MallEntry } from '../malls/directory.ts';
import { defaultName } from '../malls/names.ts';
import type { Settings } from '../settings/index.ts';
import { type Check, type Finding, fail, pass, warn } from './finding.ts';
import { loopbackFinding } from './loopback.ts';

const named = (name: string) => (name === defaultName ? '' : ` --name ${name}`);

/** The ports the mall would take, and what malls before it have left. */
export function mallChecks(home: string, settings: Settings): Check[] {
  const { name, host, port, grpcPort } = settings;
  // A named mall without ports of its own takes free ones.
  const doors = [
    { check: 'REST port', flag: '--port', port: port ?? (name === defaultName ? 8080 : undefined) },
    { check: 'gRPC port', flag: '--grpc-port', port: grpcPort ?? (name === defaultName ? 9000 : undefined) },
  ];
  return [
    { name: 'loopback', run: loopbackFinding },
    ...doors.map(({ check, flag, port: wanted }) => ({
      name: check,
      run: () =>
        wanted === undefined ? pass('a free one is taken') : portFinding({ home, host, flag, port: wanted }),
    })),
    { name: 'malls', run: () => mallsFinding(home) },
  ];
}

export interface WantedPort {
  readonly home: string;
  readonly host: string;
  readonly flag: string;
  readonly port: number;
}

export async function portFinding({ home, host, flag, port }: WantedPort): Promise<Finding> {
  try {
    if (await isPortFree(port, host)) return pass(`${port} is free`);
  } catch (error) {
    return fail(
      `${host}:${port} cannot be listened on (${reason(error)})`,
      'choose an address of this machine with `--host`, and a port above 1023',
    );
  }
  const mall = listMalls(home)
    .filter(isRunning)
    .find(({ state }) => state?.ports.rest === port || state?.ports.grpc === port);
  if (mall !== undefined) return pass(`${port} is the running mall's, "${mall.name}"`);
  return fail(
    `${port} is in use by ${portOwner(port) ?? 'another process'}`,
    `\`mall up ${flag} <port>\`, or \`mall up --name <name>\`, which takes free ones`,
  );
}

/**
 * What killed malls have left: servers that run without a mall, and files that say one does; and servers that have ended
 * under a mall that runs.
 */
export function mallsFinding(home: string): Finding {
  const malls = listMalls(home);
  const killed = malls.filter(({ phase }) => phase === 'killed').map(({ name }) => name);
  const running = malls.filter(isRunning).map(({ name, phase }) => `${name} (${phase})`);
  const [ended] = malls.filter(isRunning).flatMap(serversThatEnded);
  if (killed.length === 0 && ended !== undefined) return ended;
  if (killed.length === 0) return pass(running.length === 0 ? 'none runs' : running.join(', '));
  const fixes = killed.map((name) => `\`mall down${named(name)}\``).join(', ');
  return warn(
    `${killed.join(', ')} was killed and may have left servers running`,
    `${fixes} cleans up; its data stays, and \`mall up${named(killed[0] ?? defaultName)}\` starts it again`,
  );
}

function serversThatEnded({ name, state }: MallEntry): readonly Finding[] {
  const servers = Object.entries(state?.servers ?? {});
  return servers.flatMap(([server, { phase, restarts = 0, lastEnd }]) =>
    lastEnd === undefined
      ? []
      : [
          warn(
            `under ${name}, ${lastEnd}; it is ${phase}, started again ${restarts} ${restarts === 1 ? 'time' : 'times'}`,
            `\`mall logs ${server}${named(name)}\` shows its last words, \`mall audit${named(name)}\` that nothing is lost`,
          ),
        ],
  );
}
