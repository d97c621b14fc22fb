import { isPortFree, portOwner } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { isRunning, listMalls } from '../malls/directory.ts';
import { findFreePort } from '../malls/remembered-ports.ts';

export interface Doors {
  readonly host: string;
  readonly rest: number;
  readonly grpc: number;
}

/**
 * Makes sure that the ports of the doors can be listened on, before anything is started.
 * @throws CliError (4) that names who has the port and a free one to use instead
 */
export async function checkDoors(doors: Doors, home: string): Promise<void> {
  await checkDoor({ ...doors, door: 'rest', title: 'REST', flag: '--port', port: doors.rest, home });
  await checkDoor({ ...doors, door: 'grpc', title: 'gRPC', flag: '--grpc-port', port: doors.grpc, home });
}

async function checkDoor(wanted: {
  host: string;
  door: 'rest' | 'grpc';
  title: string;
  flag: string;
  port: number;
  home: string;
}): Promise<void> {
  const { host, door, title, flag, port, home } = wanted;
  if (await listenable(port, host)) return;
  const free = await findFreePort({ door, host });
  throw new CliError(`Port ${port}, wanted for ${title}, is in use by ${ownerOf(port, home)}.`, {
    exitCode: exitCodes.environment,
    next: `choose another one with \`mall up ${flag} ${free ?? '<port>'}\`, or let \`mall up --name <name>\` choose`,
  });
}

/**
 * Makes sure that an address can be listened on at all.
 * @throws CliError (4)
 */
export async function checkHost(host: string): Promise<void> {
  await listenable(0, host);
}

async function listenable(port: number, host: string): Promise<boolean> {
  try {
    return await isPortFree(port, host);
  } catch (error) {
    throw new CliError(`The mall cannot listen on ${host}${port === 0 ? '' : `:${port}`}.`, {
      exitCode: exitCodes.environment,
      cause: error,
      next: 'choose an address of this machine with --host, and a port above 1023 with --port',
    });
  }
}

function ownerOf(port: number, home: string): string {
  const mall = listMalls(home)
    .filter(isRunning)
    .find(({ state }) => state?.ports.rest === port || state?.ports.grpc === port);
  if (mall !== undefined) return `the mall "${mall.name}" (process ${mall.pid})`;
  return portOwner(port) ?? 'another process';
}
