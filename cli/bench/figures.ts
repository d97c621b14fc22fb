import type { FigureEntry } from './figure-entry.ts';
import { flatFigures } from './flat/flat-figures.ts';

/** Every figure, in the order of the table. */
export const figures = {
  'checkout.idle.p50': { title: 'checkout to approved, one at a time, p50', unit: 'ms', better: 'lower' },
  'checkout.idle.p99': { title: 'checkout to approved, one at a time, p99', unit: 'ms', better: 'lower' },
  'checkout.rate10.p50': {
    title: 'checkout to approved, 10 orders/s, p50',
    unit: 'ms',
    better: 'lower',
    target: 25,
  },
  'checkout.rate10.p99': {
    title: 'checkout to approved, 10 orders/s, p99',
    unit: 'ms',
    better: 'lower',
    target: 60,
  },
  'apart.idle.p50': {
    title: 'in nine processes: checkout to approved, one at a time, p50',
    unit: 'ms',
    better: 'lower',
  },
  'apart.idle.p99': {
    title: 'in nine processes: checkout to approved, one at a time, p99',
    unit: 'ms',
    better: 'lower',
  },
  'apart.rate10.p50': {
    title: 'in nine processes: checkout to approved, 10 orders/s, p50',
    unit: 'ms',
    better: 'lower',
    target: 40,
  },
  'apart.rate10.p99': {
    title: 'in nine processes: checkout to approved, 10 orders/s, p99',
    unit: 'ms',
    better: 'lower',
    target: 100,
  },
  'orders.saga64.rate': {
    title: 'orders to approved, 64 in flight, saga only',
    unit: '/s',
    better: 'higher',
    target: 250,
  },
  'orders.saga64.p50': { title: 'an order among 64 in flight, p50', unit: 'ms', better: 'lower' },
  'orders.saga64.cpu': {
    title: "processor time of the mall's process for one of these, its payment included",
    unit: 'ms',
    better: 'lower',
  },
  'orders.saga256.rate': {
    title: 'orders to approved, 256 in flight, saga only',
    unit: '/s',
    better: 'higher',
    target: 1_000,
  },
  'orders.journey64.rate': {
    title: 'whole shopper journeys over REST, 64 in flight',
    unit: '/s',
    better: 'higher',
    target: 100,
  },
  'tracing.off.cpu': {
    title: "processor time of the mall's process for an order, tracing off",
    unit: 'ms',
    better: 'lower',
  },
  'tracing.sampled.cpu': {
    title: 'the same with one trace in ten recorded, times that without tracing',
    unit: '×',
    better: 'lower',
    target: 1.1,
  },
  'tracing.sampled.rate': {
    title: 'orders/s at saturation with one trace in ten recorded, times those without',
    unit: '×',
    better: 'higher',
    target: 0.9,
  },
  'tracing.all.cpu': {
    title: 'processor time for an order with every trace recorded, times that without tracing',
    unit: '×',
    better: 'lower',
  },
  'tracing.all.rate': {
    title: 'orders/s at saturation with every trace recorded, times those without',
    unit: '×',
    better: 'higher',
  },
  'relay.rate100.p50': {
    title: 'outbox commit to broker ack, 100 messages/s, p50',
    unit: 'ms',
    better: 'lower',
    target: 2,
  },
  'relay.rate100.p99': {
    title: 'outbox commit to broker ack, 100 messages/s, p99',
    unit: 'ms',
    better: 'lower',
    target: 10,
  },
  'append.rate': {
    title: 'event appends with their outbox row, 32 in flight',
    unit: '/s',
    better: 'higher',
    target: 5_000,
  },
  'replay.rate': { title: 'events replayed into a read model', unit: '/s', better: 'higher', target: 50_000 },
  'rest.core.rate': {
    title: 'REST reads per second of a core of the mall',
    unit: '/s',
    better: 'higher',
    target: 4_000,
  },
  'rest.half.p99': { title: 'REST read at half load, p99', unit: 'ms', better: 'lower', target: 10 },
  'rest.4000.p99': { title: 'REST read at 4,000/s, p99', unit: 'ms', better: 'lower', target: 10 },
  'rest.rate': { title: 'REST reads, 32 in flight', unit: '/s', better: 'higher' },
  'grpc.core.rate': {
    title: 'gRPC reads per second of a core of the mall',
    unit: '/s',
    better: 'higher',
  },
  'grpc.half.p99': { title: 'gRPC read at half load, p99', unit: 'ms', better: 'lower' },
  'grpc.4000.p99': { title: 'gRPC read at 4,000/s, p99', unit: 'ms', better: 'lower' },
  'grpc.rate': { title: 'gRPC reads, 32 in flight', unit: '/s', better: 'higher' },
  'busywork.core.rate': {
    title: 'busywork: requests per second of a core of the load generator',
    unit: '/s',
    better: 'higher',
    target: 500,
  },
  'up.cold': { title: '`mall up` to ready, nothing there yet', unit: 's', better: 'lower', target: 6 },
  'up.warm': { title: '`mall up` to ready, again', unit: 's', better: 'lower', target: 3 },
  'cli.help': { title: '`mall --help`', unit: 'ms', better: 'lower', target: 150 },
  'cli.ps': { title: '`mall ps`', unit: 'ms', better: 'lower', target: 300 },
  'memory.total': {
    title: 'memory after the orders: mall, Postgres and NATS',
    unit: 'MB',
    better: 'lower',
    target: 450,
  },
  'memory.mall': { title: "of that the mall's own process", unit: 'MB', better: 'lower' },
  ...flatFigures,
} as const satisfies Readonly<Record<string, FigureEntry>>;

export type FigureId = keyof typeof figures;
/** What one run of a benchmark found. */
export type Values = Partial<Record<FigureId, number>>;

/** The entry of a figure as every entry can be read. */
export function entryOf(id: FigureId): FigureEntry {
  return figures[id];
}

export function isFigureId(name: string): name is FigureId {
  return Object.hasOwn(figures, name);
}
