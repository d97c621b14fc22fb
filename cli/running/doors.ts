import { errorCode, isPortFree, portOwner } from '../../containers/embedded/index.ts';
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
 * @throws CliError (2) where both are to have the same, (4) that names who has the port and a free one to use instead
 */
export async function checkDoors(doors: Doors, home: string): Promise<void> {
  if (doors.rest === doors.grpc) throw await sharedPort(doors);
  await checkDoor({ host: doors.host, door: 'rest', port: doors.rest, home });
  await checkDoor({ host: doors.host, door: 'grpc', port: doors.grpc, home });
}

async function sharedPort({ host, rest }: Doors): Promise<CliError> {
  const free = await findFreePort({ door: 'grpc', host });
  return new CliError(`Port ${rest} is wanted for REST and for gRPC.`, {
    exitCode: exitCodes.usage,
    next: `give each its own, as \`mall up --port ${rest} --grpc-port ${free ?? '<port>'}\``,
  });
}

interface Door {
  readonly host: string;
  readonly door: 'rest' | 'grpc';
  readonly port: number;
  readonly home: string;
}

const doorWords = {
  rest: { title: 'REST', flag: '--port' },
  grpc: { title: 'gRPC', flag: '--grpc-port' },
} as const;

async function checkDoor(wanted: Door): Promise<void> {
  if (!(await listenable(wanted.port, wanted.host))) throw await doorTaken(wanted);
}

async function doorTaken({ host, door, port, home }: Door): Promise<CliError> {
  const { title, flag } = doorWords[door];
  const free = await findFreePort({ door, host });
  return new CliError(`Port ${port}, wanted for ${title}, is in use by ${ownerOf(port, home)}.`, {
    exitCode: exitCodes.environment,
    next: `choose another one with \`mall up ${flag} ${free ?? '<port>'}\`, or let \`mall up --name <name>\` choose`,
  });
}

/** What kept the contexts from starting: of a door that somebody took since {@link checkDoors}, told as there. */
export async function whyNotStarted(error: unknown, doors: Doors, home: string): Promise<unknown> {
  if (error instanceof Error && refusals.has(error.name)) return serverRefuses(error);
  for (const door of ['rest', 'grpc'] as const) {
    const port = doors[door];
    if (takenPort(error) === port) return doorTaken({ host: doors.host, door, port, home });
  }
  return error;
}

/** What a start fails with where a server is away for too long, or will not do what it is asked to. */
const refusals = new Set(['Unavailable', 'FailedPrecondition']);

/** Servers of ours answer by then, those of others may not: either way it is nothing that trying again mends. */
function serverRefuses(error: Error): CliError {
  const full = /insufficient (storage )?resources/.test(error.message);
  return new CliError(`${error.message.replace(/^t/, 'T')}.`, {
    exitCode: exitCodes.environment,
    next: full
      ? 'make room, or set MALL_HOME to another disk: the stream may grow to 1 GB, and NATS takes three quarters of what is free'
      : '`mall doctor`, `mall logs postgres` and `mall logs nats` say more',
  });
}

/** The port that could not be listened on because somebody else does, if that is what the error says. */
export function takenPort(error: unknown): number | undefined {
  if (!(error instanceof Error) || errorCode(error) !== 'EADDRINUSE') return undefined;
  return 'port' in error && typeof error.port === 'number' ? error.port : undefined;
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
  // The one that asks says of itself that it has them.
  const mall = listMalls(home)
    .filter((each) => isRunning(each) && each.pid !== process.pid)
    .find(({ state }) => state?.ports.rest === port || state?.ports.grpc === port);
  if (mall !== undefined) return `the mall "${mall.name}" (process ${mall.pid})`;
  return portOwner(port) ?? 'another process';
}
