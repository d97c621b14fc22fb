import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort, isPortFree } from '../../containers/embedded/index.ts';
import { type MallFolders, mallFolders, mallNames } from './folders.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { awaitLock } from './lock.ts';

const portsShape = z.object({
  rest: z.number(),
  grpc: z.number(),
  postgres: z.number(),
  nats: z.number(),
  traces: z.number(),
  /** Those of the processes behind the gateway, when it had any. */
  services: z.array(z.number()),
});
/** A mall of an earlier version has had fewer. */
const rememberedShape = portsShape.partial();
export type MallPorts = z.output<typeof portsShape>;
export type Door = Exclude<keyof MallPorts, 'services'> | 'service';

/** Where to look for free ports: below those the system lends to outgoing connections. */
const firstPort: Readonly<Record<Door, number>> = {
  rest: 8081,
  grpc: 9001,
  postgres: 15_432,
  nats: 14_222,
  traces: 14_318,
  service: 20_000,
};
const triesPerDoor = 500;
const lockPatienceMs = 10_000;

export interface PortWishes {
  readonly folders: MallFolders;
  readonly host: string;
  /** Ports that were asked for; they are taken as they are, free or not. */
  readonly fixed: Partial<MallPorts>;
  /** How many ports the processes behind the gateway need. */
  readonly services: number;
}

/**
 * Decides the ports of a mall: those asked for, else those it had last time, else free ones that no other mall of
 * the home has had. They are remembered, so that addresses stay the same from start to start. One process of a
 * home decides at a time, or two malls that start together would choose the same.
 */
export async function choosePorts({ folders, host, fixed, services }: PortWishes): Promise<MallPorts> {
  const lock = await awaitLock(join(folders.home, 'ports.lock'), lockPatienceMs);
  try {
    const remembered = readJsonFile(folders.ports, rememberedShape);
    const taken = portsOfOthers(folders);
    const choose = async (
      door: Door,
      known: { fixed?: number | undefined; remembered?: number | undefined },
    ) => {
      const listensOn = door === 'rest' || door === 'grpc' ? host : '127.0.0.1';
      const wish = { door, host: listensOn, taken, remembered: known.remembered, skip: skips(folders) };
      const port = known.fixed ?? (await freePortFor(wish));
      taken.add(port);
      return port;
    };
    const chooseDoor = (door: Exclude<Door, 'service'>) =>
      choose(door, { fixed: fixed[door], remembered: remembered?.[door] });
    const ports: MallPorts = {
      rest: await chooseDoor('rest'),
      grpc: await chooseDoor('grpc'),
      postgres: await chooseDoor('postgres'),
      nats: await chooseDoor('nats'),
      traces: await chooseDoor('traces'),
      services: [],
    };
    for (let index = 0; index < services; index++) {
      ports.services.push(await choose('service', { remembered: remembered?.services?.[index] }));
    }
    writeJsonFile(folders.ports, services === 0 ? { ...ports, services: remembered?.services ?? [] } : ports);
    return ports;
  } finally {
    lock.release();
  }
}

async function freePortFor(wish: {
  door: Door;
  host: string;
  taken: ReadonlySet<number>;
  remembered: number | undefined;
  skip: number;
}): Promise<number> {
  const { remembered, ...search } = wish;
  const { host } = wish;
  if (remembered !== undefined && (await isPortFree(remembered, host))) return remembered;
  const port = await findFreePort(search);
  return port ?? freePort(host);
}

/**
 * Malls of other homes do not wait for our lock: each mall begins to look at a place of its own, so that two that start
 * together do not choose the same.
 */
function skips({ folder }: MallFolders): number {
  return createHash('sha256').update(folder).digest().readUInt32BE() % triesPerDoor;
}

/** The first free port in a door's usual range. */
export async function findFreePort(search: {
  door: Door;
  host: string;
  taken?: ReadonlySet<number>;
  /** How many ports of the range come last instead of first. */
  skip?: number;
}): Promise<number | undefined> {
  for (let tried = 0; tried < triesPerDoor; tried++) {
    const port = firstPort[search.door] + ((tried + (search.skip ?? 0)) % triesPerDoor);
    if (!search.taken?.has(port) && (await isPortFree(port, search.host))) return port;
  }
  return undefined;
}

function portsOfOthers(folders: MallFolders): Set<number> {
  const others = mallNames(folders.home).filter((name) => name !== folders.name);
  const ports = others.map((name) => readJsonFile(mallFolders(folders.home, name).ports, rememberedShape));
  return new Set(ports.flatMap((known) => (known === undefined ? [] : Object.values(known).flat())));
}
