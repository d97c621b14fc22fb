import { stripVTControlCharacters } from 'node:util';
import type { ContextName } from '../../proto/contexts.ts';
import type { Output } from '../terminal/output.ts';
import { wrapText } from '../terminal/wrap.ts';
import type { Hop, Trace } from './trace-answer.ts';

type Style = Parameters<Output['paint']>[0];

export interface WaterfallView {
  /** Columns of the terminal. */
  readonly width: number;
  /** Whether it is one, so that longer lines are broken between words. */
  readonly watched: boolean;
  /** Also what happened within each piece of work. */
  readonly steps: boolean;
  readonly paint: (style: Style, text: string) => string;
}

/** A context has the same colour in every trace. */
const colors: Readonly<Record<ContextName | 'gateway', Style>> = {
  gateway: 'gray',
  baskets: 'cyan',
  cosec: 'magenta',
  customers: 'magentaBright',
  depot: 'yellow',
  notifications: 'greenBright',
  ordering: 'blueBright',
  payments: 'green',
  search: 'redBright',
  stores: 'yellowBright',
};

const marks = { wait: '░', travel: '▒', work: '█' } as const;
const TIME_COLUMNS = 9;
const MIN_BAR_COLUMNS = 12;
/** Longer names are cut; the rest is for the bars. */
const MAX_NAME_SHARE = 0.55;

/** Traces as waterfalls: one line for each request, call and handled message, its bar in the context's colour. */
export function waterfallText(traces: readonly Trace[], view: WaterfallView): string {
  const legend = `${marks.wait} in the outbox  ${marks.travel} to the handler  ${marks.work} at work`;
  return [...traces.map((trace) => traceText(trace, view)), view.paint('dim', legend)].join('\n\n');
}

function traceText(trace: Trace, view: WaterfallView): string {
  const { paint } = view;
  const failed = trace.failed ? `${paint('red', 'failed')} ` : '';
  const about = trace.orders.map((order) => `, order ${order}`).join('');
  const facts = `trace ${trace.traceId}, ${trace.startedAt}, ${trace.spans} spans, ${trace.services.length} services${about}`;
  const lines = trace.hops.flatMap((hop) => linesOf(hop, view.steps));
  const widestService = Math.max(...trace.services.map((service) => service.length));
  const widestName = Math.max(...lines.map(({ name }) => name.length));
  const nameColumns = Math.min(
    widestName,
    Math.floor((view.width - widestService - TIME_COLUMNS - 4) * MAX_NAME_SHARE),
  );
  const barColumns = Math.max(MIN_BAR_COLUMNS, view.width - widestService - nameColumns - TIME_COLUMNS - 5);
  const rows = lines.flatMap((line) => {
    const color = Object.entries(colors).find(([name]) => name === line.service)?.[1] ?? 'white';
    const row = [
      paint(color, (line.isStep ? '' : line.service).padEnd(widestService)),
      paint(line.isStep ? 'dim' : 'reset', fit(line.name, nameColumns)),
      paint(color, bar(line, { totalMs: trace.durationMs, columns: barColumns })),
      `${durationText(line.durationMs).padStart(TIME_COLUMNS)}`,
    ].join(' ');
    const error =
      line.error === undefined ? [] : [`${' '.repeat(widestService)} ${paint('red', `  ${line.error}`)}`];
    return [row.trimEnd(), ...error];
  });
  return [
    `${failed}${paint('bold', trace.title)} ${durationText(trace.durationMs)}`,
    ...(view.watched ? wrapText(facts, view.width) : [facts]).map((line) => paint('dim', line)),
    ...rows,
  ].join('\n');
}

interface Line {
  readonly service: string;
  readonly name: string;
  readonly isStep: boolean;
  readonly startMs: number;
  readonly durationMs: number;
  readonly journey: Hop['journey'];
  readonly error: string | undefined;
}

function linesOf(hop: Hop, withSteps: boolean): Line[] {
  const { service, startMs, durationMs, journey, error, depth } = hop;
  const indent = '  '.repeat(Math.min(depth, 6));
  const own = {
    service,
    startMs,
    durationMs,
    journey,
    error,
    isStep: false,
    name: `${indent}${clean(hop.name)}${hop.saga === undefined ? '' : ` → ${clean(hop.saga)}`}`,
  };
  if (!withSteps) return [own];
  const steps = hop.steps.map((step) => ({
    ...step,
    name: `${indent}  ${clean(step.name)}`,
    journey: undefined,
    error: step.error,
    isStep: true,
  }));
  return [own, ...steps];
}

/** Names come from whoever sends spans: what would steer the terminal is taken out. */
function clean(name: string): string {
  return stripVTControlCharacters(name).replaceAll(/\p{Cc}/gu, ' ');
}

function fit(text: string, columns: number): string {
  return text.length <= columns ? text.padEnd(columns) : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

/** The line's time on the trace's: each piece at least one column, later pieces over earlier ones. */
function bar(
  { startMs, durationMs, journey }: Line,
  { totalMs, columns }: { totalMs: number; columns: number },
): string {
  const cells = new Array<string>(columns).fill(' ');
  const at = (ms: number) =>
    Math.min(columns - 1, Math.max(0, Math.floor((ms / Math.max(totalMs, 0.001)) * columns)));
  const draw = (mark: string, fromMs: number, toMs: number) => cells.fill(mark, at(fromMs), at(toMs) + 1);
  if (journey !== undefined) draw(marks.wait, journey.createdMs, journey.sentMs ?? startMs);
  if (journey?.sentMs !== undefined) draw(marks.travel, journey.sentMs, startMs);
  draw(marks.work, startMs, startMs + durationMs);
  return cells.join('');
}

export function durationText(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
