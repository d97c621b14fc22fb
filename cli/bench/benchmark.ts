import type { Values } from './figures.ts';
import type { Manner } from './manner.ts';
import type { MallUnderTest, OwnSettings } from './own-mall.ts';
import type { OwnServers } from './own-servers.ts';

/** How much is measured: all of it, or just enough to show that it runs. */
export interface Scale {
  readonly quick: boolean;
  /** Orders after which memory is read. */
  readonly memoryOrders: number;
  /** How full the tables of `flat` are filled, of the numbers in the titles of its figures. */
  readonly flatPercent: number;
}

/** What a benchmark runs with. */
export interface Conditions {
  readonly manner: Manner;
  readonly scale: Scale;
  /** The project's mall home. */
  readonly home: string;
  /** Aborted when the run is called off. */
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
}

interface BenchmarkFacts {
  readonly name: string;
  readonly summary: string;
  /** Runs in the original's manner as well, so that the gain is seen. */
  readonly compared: boolean;
  /** Is not repeated: what it reads does not vary, or grows with each run. */
  readonly once?: true;
  /** Runs only when it is named: it takes minutes and gigabytes. */
  readonly onlyNamed?: true;
}

/** Runs on malls of its own, each with settings of its own. */
export interface MallsBenchmark {
  readonly ground: 'malls';
  readonly settings: readonly OwnSettings[];
  /** Gets the malls in the order of their settings. */
  run(malls: readonly MallUnderTest[], conditions: Conditions): Promise<Values>;
}

/** A benchmark, by what it needs to stand on. */
export type Benchmark = BenchmarkFacts &
  (
    | { readonly ground: 'mall'; run(mall: MallUnderTest, conditions: Conditions): Promise<Values> }
    | MallsBenchmark
    | { readonly ground: 'servers'; run(servers: OwnServers, conditions: Conditions): Promise<Values> }
    | { readonly ground: 'none'; run(conditions: Conditions): Promise<Values> }
  );
