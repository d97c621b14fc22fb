import type { MallState } from '../malls/state.ts';
import { commandName } from '../terminal/command-name.ts';
import type { Output } from '../terminal/output.ts';
import { columns } from '../terminal/table.ts';

export interface ScreenOptions {
  readonly state: MallState;
  readonly log: string;
  readonly detached: boolean;
  readonly output: Output;
}

/** The one screen that says all about a mall that has just become ready. */
export function readyScreen({ state, log, detached, output }: ScreenOptions): string {
  const seconds = ((state.readyAfterMs ?? 0) / 1000).toFixed(1);
  const title = `The mall "${state.name}" is open, ${seconds} s after it was asked for.`;
  const rows = facts(state, log).map(([label, value]) => [`  ${output.paint('dim', label)}`, value]);
  return [
    '',
    output.paint('bold', title),
    '',
    columns(rows, [], { width: output.resultWidth, wrap: 1 }),
    '',
    ...nextSteps(state, detached),
    '',
  ].join('\n');
}

function facts(state: MallState, log: string): [string, string][] {
  const { addresses, durability, servers, contexts } = state;
  const rest = addresses?.rest ?? '';
  const versions = servers && { postgres: ` ${servers.postgres.version}`, nats: ` ${servers.nats.version}` };
  return [
    ['mode', `${state.mode}: ${contexts?.length ?? 0} contexts ${where(state)}`],
    [
      'infrastructure',
      `${state.infra}: Postgres${versions?.postgres ?? ''} (${durability?.postgres ?? ''}),`,
    ],
    ['', `NATS${versions?.nats ?? ''} (${durability?.nats ?? ''})`],
    ['the mall', `${rest}/`],
    ['REST, Swagger UI', `${rest}/swagger-ui/`],
    ['gRPC', addresses?.grpc ?? ''],
    ['health', `${rest}/liveness  ${rest}/readiness`],
    ['metrics', `${rest}/metrics`],
    [
      'traces',
      `${rest}/traces/${addresses?.traces === undefined ? '' : `  (Jaeger's API: ${addresses.traces})`}`,
    ],
    ['Postgres', addresses?.postgres ?? ''],
    ['NATS', `${addresses?.nats ?? ''}, stream ${state.natsStream}`],
    ...watchers(state),
    ['log', log],
  ];
}

function where({ pid, services }: MallState): string {
  if (services === undefined) return `in process ${pid}`;
  return `in processes of their own, a gateway before them, process ${pid} over them`;
}

/** The pages of what the mall is watched with. */
function watchers({ containers = [] }: MallState): [string, string][] {
  const pages = { jaeger: 'Jaeger', prometheus: 'Prometheus', grafana: 'Grafana' };
  return Object.entries(pages).flatMap(([service, title]) => {
    const container = containers.find((each) => each.service === service);
    return container === undefined ? [] : [[title, `${container.url}/`]];
  });
}

function nextSteps(state: MallState, detached: boolean): string[] {
  const mall = commandName();
  const named = state.name === 'mall' ? '' : ` --name ${state.name}`;
  const shoppers = `Next: ${mall} busywork --clients=10${named} sends shoppers through it; ${mall} logs --follow${named} shows its log.`;
  const stop = detached ? `${mall} down${named} stops it.` : 'Ctrl-C stops it.';
  return [shoppers, stop];
}
