import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { listMalls, type MallEntry, type MallPhase } from '../malls/directory.ts';
import { type Problem, readiness } from '../malls/health.ts';
import type { MallContainer, MallState, ServerState, ServiceState } from '../malls/state.ts';
import { unreadyLines } from '../malls/unreadiness.ts';
import { currentHome } from '../settings/index.ts';
import { withTypedCommands } from '../terminal/command-name.ts';
import { formatDuration } from '../terminal/duration.ts';
import type { Output } from '../terminal/output.ts';
import { columns } from '../terminal/table.ts';
import { outputOf, verb } from './verb.ts';

/** `mall ps`: the malls of this project and how they are. */
export function psCommand(): Command {
  return verb({
    name: 'ps',
    description:
      'Lists the malls of this project: those that run, those that were killed, and with --all those that only ' +
      'have data; of one in microservices mode also each service with its restarts, memory and health.',
    examples: [
      ['mall ps', 'what runs'],
      ['mall ps --all --json', 'all, for a program'],
    ],
  })
    .option('-a, --all', 'also malls that do not run but have data')
    .action(ps);
}

interface Row {
  readonly name: string;
  readonly phase: MallPhase;
  readonly pid: number | null;
  readonly uptimeMs: number | null;
  /** Of the mall's own processes; Postgres and NATS come on top. */
  readonly memoryBytes: number | null;
  readonly infra: string | null;
  readonly rest: string | null;
  readonly grpc: string | null;
  readonly postgres: string | null;
  readonly nats: string | null;
  readonly health: string | null;
  readonly problems: readonly Problem[];
  readonly containers: readonly MallContainer[];
  /** Postgres and NATS, where they are processes of the mall's own. */
  readonly servers: readonly ServerRow[];
  /** The processes of its contexts and its gateway, where each has its own. */
  readonly services: readonly ServiceRow[];
}

interface ServerRow {
  readonly name: string;
  readonly phase: NonNullable<ServerState['phase']>;
  readonly pid: number | null;
  readonly restarts: number;
  readonly lastEnd: string | null;
}

interface ServiceRow {
  readonly name: string;
  readonly phase: ServiceState['phase'];
  readonly pid: number | null;
  readonly uptimeMs: number | null;
  readonly restarts: number;
  readonly lastEnd: string | null;
  readonly memoryBytes: number | null;
  readonly rest: string;
  readonly grpc: string;
  readonly health: string | null;
}

async function ps(flags: Readonly<Record<string, unknown>>): Promise<void> {
  const output = outputOf(flags);
  const home = currentHome();
  const malls = listMalls(home).filter(({ phase }) => flags.all === true || phase !== 'stopped');
  const rows = await Promise.all(malls.map(describe));
  if (output.json) return output.document('mall.ps/1', { home, malls: rows });
  if (rows.length === 0) return output.result(`No mall runs here (${home}).`);
  output.result(table(rows, output));
  for (const text of unreadyTexts(rows)) output.result(`\n${text}`);
  for (const text of serverTables(rows, output)) output.result(`\n${text}`);
  for (const text of servicesTables(rows, output)) output.result(`\n${text}`);
  for (const text of containerTables(rows, output)) output.result(`\n${text}`);
}

async function describe({ name, phase, pid, state }: MallEntry): Promise<Row> {
  const alive = pid !== undefined;
  const addresses = alive ? state?.addresses : undefined;
  const [health, ...services] = await Promise.all([
    addresses === undefined ? undefined : readiness(addresses.rest),
    ...(alive ? (state?.services ?? []) : []).map(describeService),
  ]);
  const own = alive ? residentBytes(pid) : null;
  return {
    name,
    phase,
    pid: pid ?? null,
    uptimeMs: alive && state !== undefined ? Date.now() - Date.parse(state.startedAt) : null,
    memoryBytes:
      own === null ? null : services.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), own),
    infra: state?.infra ?? null,
    rest: addresses?.rest ?? null,
    grpc: addresses?.grpc ?? null,
    postgres: addresses?.postgres ?? null,
    nats: addresses?.nats ?? null,
    health: health?.text ?? null,
    problems: health?.problems ?? [],
    containers: alive ? (state?.containers ?? []) : [],
    servers: alive ? serverRows(state?.servers) : [],
    services,
  };
}

function serverRows(servers: MallState['servers']): readonly ServerRow[] {
  return Object.entries(servers ?? {}).flatMap(([name, { phase, pid, restarts = 0, lastEnd }]) =>
    phase === undefined ? [] : [{ name, phase, pid: pid ?? null, restarts, lastEnd: lastEnd ?? null }],
  );
}

async function describeService({ phase, pid, startedAt, ...service }: ServiceState): Promise<ServiceRow> {
  const { name, restarts, lastEnd, rest, grpc } = service;
  const health = phase === 'ready' ? await readiness(rest) : undefined;
  return {
    name,
    phase,
    pid: pid ?? null,
    uptimeMs: pid === undefined ? null : Date.now() - Date.parse(startedAt),
    restarts,
    lastEnd: lastEnd ?? null,
    memoryBytes: pid === undefined ? null : residentBytes(pid),
    rest,
    grpc,
    health: health?.text ?? null,
  };
}

function table(rows: readonly Row[], output: Output): string {
  const head = ['NAME', 'PHASE', 'PID', 'UP', 'MEMORY', 'REST', 'GRPC', 'HEALTH'];
  const body = rows.map((row) => [
    row.name,
    output.paint(phaseColor(row.phase), row.phase),
    String(row.pid ?? '-'),
    uptime(row),
    memory(row),
    row.rest ?? '-',
    row.grpc ?? '-',
    shortHealth(row),
  ]);
  return columns(body, head, { width: output.resultWidth, spare: ['GRPC', 'PID', 'MEMORY', 'UP', 'REST'] });
}

/** `ready`, `not ready` or `no answer`; why stands below the table. */
function shortHealth({ health }: { health: string | null }): string {
  return health?.split(':')[0] ?? '-';
}

function unreadyTexts(rows: readonly Row[]): string[] {
  return rows.flatMap(({ name, infra, health, problems, phase }) => {
    if (phase === 'killed') return [withTypedCommands(killedText(name))];
    const lines = health === null ? [] : unreadyLines({ name, infra, health, problems });
    return lines.length === 0 ? [] : [withTypedCommands(lines.join('\n'))];
  });
}

function killedText(name: string): string {
  const named = name === 'mall' ? '' : ` --name ${name}`;
  return `The mall "${name}" was killed: \`mall up${named}\` goes on with its data, \`mall down${named}\` cleans up after it.`;
}

/** Servers that run as they were started are not worth a line. */
function serverTables(rows: readonly Row[], output: Output): string[] {
  return rows
    .filter(({ servers }) => servers.some(({ restarts, lastEnd }) => restarts > 0 || lastEnd !== null))
    .map(({ name, servers }) => {
      const body = servers.map(({ phase, pid, restarts, lastEnd, ...server }) => [
        server.name,
        output.paint(phaseColor(phase), phase),
        String(pid ?? '-'),
        String(restarts),
        lastEnd ?? '-',
      ]);
      const fit = { width: output.resultWidth, spare: ['PID'], wrap: 4 };
      return `Servers of ${name}:\n${columns(body, ['SERVER', 'PHASE', 'PID', 'RESTARTS', 'LAST END'], fit)}`;
    });
}

function containerTables(rows: readonly Row[], output: Output): string[] {
  const fit = { width: output.resultWidth, spare: ['CONTAINER', 'IMAGE'] };
  return rows
    .filter(({ containers }) => containers.length > 0)
    .map(({ name, containers }) => {
      const body = containers.map(({ service, id, image, url }) => [service, id, image, url]);
      return `Containers of ${name}:\n${columns(body, ['SERVICE', 'CONTAINER', 'IMAGE', 'ADDRESS'], fit)}`;
    });
}

function servicesTables(rows: readonly Row[], output: Output): string[] {
  const head = ['SERVICE', 'PHASE', 'PID', 'UP', 'RESTARTS', 'MEMORY', 'REST', 'GRPC', 'HEALTH'];
  const fit = { width: output.resultWidth, spare: ['GRPC', 'PID', 'REST', 'UP', 'MEMORY'] };
  return rows
    .filter(({ services }) => services.length > 0)
    .map(({ name, services }) => {
      const body = services.map((row) => [
        row.name,
        output.paint(phaseColor(row.phase), row.phase),
        String(row.pid ?? '-'),
        uptime(row),
        String(row.restarts),
        memory(row),
        row.rest,
        row.grpc,
        shortHealth(row),
      ]);
      const ends = services.flatMap((row) => (row.lastEnd === null ? [] : [`\n${row.lastEnd}`]));
      return `Services of ${name}:\n${columns(body, head, fit)}${ends.join('')}`;
    });
}

function uptime({ uptimeMs }: { uptimeMs: number | null }): string {
  return uptimeMs === null ? '-' : formatDuration(uptimeMs);
}

function memory({ memoryBytes }: { memoryBytes: number | null }): string {
  return memoryBytes === null ? '-' : `${Math.round(memoryBytes / 1_048_576)} MB`;
}

function phaseColor(phase: MallPhase | ServiceState['phase']): 'green' | 'red' | 'yellow' | 'dim' {
  if (phase === 'ready') return 'green';
  if (phase === 'killed' || phase === 'lost') return 'red';
  return phase === 'stopped' ? 'dim' : 'yellow';
}

/** Memory a process holds; null where the system does not tell (other than Linux). */
function residentBytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}
