import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { append } from './append.ts';
import type { Benchmark } from './benchmark.ts';
import { checkout, checkoutApart } from './checkout.ts';
import { flat } from './flat/flat.ts';
import { loadGenerator } from './load-generator.ts';
import { memory } from './memory.ts';
import { saturatedOrders } from './orders.ts';
import { relay } from './relay.ts';
import { replay } from './replay.ts';
import { requests } from './requests.ts';
import { startUp } from './start-up.ts';
import { tracing, tracingSettings } from './tracing.ts';

/** Every benchmark, in the order in which they run on the ground they share. */
export const benchmarks: readonly Benchmark[] = [
  {
    name: 'checkout',
    summary: 'from the checkout over REST to the approved order, idle and at 10 orders/s',
    ground: 'mall',
    compared: true,
    run: checkout,
  },
  {
    name: 'orders',
    summary: 'orders per second at saturation: saga only and whole journeys',
    ground: 'mall',
    compared: true,
    run: saturatedOrders,
  },
  {
    name: 'requests',
    summary: 'reads over REST and gRPC: per second of a core, and p99 at half load',
    ground: 'mall',
    compared: false,
    run: requests,
  },
  {
    name: 'busywork',
    summary: 'requests that `mall busywork` drives per second of a core of its own',
    ground: 'mall',
    compared: false,
    run: loadGenerator,
  },
  {
    name: 'memory',
    summary: 'memory of a mall of its own, with its servers, after many orders (Linux)',
    ground: 'malls',
    compared: false,
    once: true,
    settings: [{}],
    run: memory,
  },
  {
    name: 'apart',
    summary: 'the checkout again, with the contexts in nine processes',
    ground: 'malls',
    compared: false,
    settings: [{ MALL_MODE: 'microservices' }],
    run: checkoutApart,
  },
  {
    name: 'tracing',
    summary: 'what tracing costs at saturation: of one order in ten, of every order',
    ground: 'malls',
    compared: false,
    once: true,
    settings: tracingSettings,
    run: tracing,
  },
  {
    name: 'relay',
    summary: "from the outbox commit to the broker's acknowledgement, at 100 messages/s",
    ground: 'servers',
    compared: true,
    run: relay,
  },
  {
    name: 'append',
    summary: 'one event and its outbox row per commit, 32 in flight',
    ground: 'servers',
    compared: false,
    run: append,
  },
  {
    name: 'replay',
    summary: 'events folded anew into a read model',
    ground: 'servers',
    compared: false,
    run: replay,
  },
  {
    name: 'start-up',
    summary: '`mall up` cold and warm, `mall --help`, `mall ps`',
    ground: 'none',
    compared: false,
    run: startUp,
  },
  {
    name: 'flat',
    summary: 'how costs grow with what is stored, up to millions; only when named',
    ground: 'none',
    compared: false,
    once: true,
    onlyNamed: true,
    run: flat,
  },
];

/** The benchmarks with these names; for none all but those that run only when named. @throws CliError (2) for a name that is none */
export function benchmarksNamed(names: readonly string[]): readonly Benchmark[] {
  for (const name of names) {
    if (benchmarks.some((each) => each.name === name)) continue;
    const known = benchmarks.map((each) => each.name);
    throw new CliError(`There is no benchmark "${name}".`, {
      exitCode: exitCodes.usage,
      next: `there are ${known.join(', ')}; \`mall bench --list\` says what they measure`,
    });
  }
  return benchmarks.filter(({ name, onlyNamed }) =>
    names.length === 0 ? onlyNamed === undefined : names.includes(name),
  );
}
