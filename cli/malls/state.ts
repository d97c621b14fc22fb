import { rmSync } from 'node:fs';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.ts';

const server = z.object({
  /** Absent where the server is in a container, or away. */
  pid: z.number().optional(),
  port: z.number(),
  version: z.string(),
  /** Of one of the mall's own processes; `lost`: it has ended too often and is not started any more. */
  phase: z.enum(['ready', 'restarting', 'lost']).optional(),
  restarts: z.number().optional(),
  /** How it ended the last time, in a sentence. */
  lastEnd: z.string().optional(),
});

/** Postgres or NATS, as it came with the mall. */
export type ServerState = z.output<typeof server>;

const container = z.object({ service: z.string(), id: z.string(), image: z.string(), url: z.string() });
export type MallContainer = z.output<typeof container>;

const service = z.object({
  name: z.string(),
  /** `lost`: it has ended too often and is not started any more. */
  phase: z.enum(['starting', 'ready', 'restarting', 'lost']),
  /** The process, while there is one, and what tells it from a later one of the same id. */
  pid: z.number().optional(),
  startToken: z.string().optional(),
  startedAt: z.iso.datetime(),
  restarts: z.number(),
  /** How it ended the last time, in a sentence. */
  lastEnd: z.string().optional(),
  rest: z.string(),
  grpc: z.string(),
});

/** One process of a mall in microservices mode. */
export type ServiceState = z.output<typeof service>;

const stateShape = z.object({
  version: z.literal(1),
  name: z.string(),
  pid: z.number(),
  startedAt: z.iso.datetime(),
  phase: z.enum(['starting', 'ready', 'stopping']),
  mode: z.enum(['monolith', 'microservices']),
  /** While it starts: what is tried first. */
  infra: z.enum(['docker', 'embedded', 'external']),
  ports: z.object({ rest: z.number(), grpc: z.number() }),
  /** What survives a crash of the machine, in one sentence per server. */
  durability: z.object({ postgres: z.string(), nats: z.string() }).optional(),
  addresses: z
    .object({
      rest: z.string(),
      grpc: z.string(),
      /** Without the password, where it has one. */
      postgres: z.string(),
      nats: z.string(),
      /** Who answers Jaeger's query API about it. */
      traces: z.string().optional(),
    })
    .optional(),
  natsStream: z.string(),
  contexts: z.array(z.string()).optional(),
  /** The processes of the contexts and of the gateway, where each has its own. */
  services: z.array(service).optional(),
  /** Names of the contexts' databases, where each has its own; `addresses.postgres` names the server. */
  databases: z.record(z.string(), z.string()).optional(),
  servers: z.object({ postgres: server, nats: server }).optional(),
  /** Those that came with the mall, in the order of the ready screen. */
  containers: z.array(container).optional(),
  readyAfterMs: z.number().optional(),
});

/** What a running mall tells other processes about itself. Holds no secrets: everybody may read the file. */
export type MallState = z.output<typeof stateShape>;

/** The state of a mall, as its own process or one that was killed has left it. */
export function readState(path: string): MallState | undefined {
  return readJsonFile(path, stateShape);
}

export function writeState(path: string, state: MallState): void {
  writeJsonFile(path, state);
}

export function removeState(path: string): void {
  rmSync(path, { force: true });
}

/** An address that may be shown: its password replaced by stars. */
export function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.password === '' && url.search === '') return address;
  if (url.password !== '') url.password = '***';
  if (url.searchParams.has('password')) url.searchParams.set('password', '***');
  return url.href;
}
