import type { Images } from '../images.ts';
import type { Placement } from './placement.ts';

/** What a mall can do without but is better watched with. */
export const extraNames = ['jaeger', 'prometheus', 'grafana', 'collector'] as const;
export type ExtraName = (typeof extraNames)[number];

export const extraTitles: Readonly<Record<ExtraName, string>> = {
  jaeger: 'Jaeger',
  prometheus: 'Prometheus',
  grafana: 'Grafana',
  collector: 'the OpenTelemetry collector',
};

/** Ports of the extras on loopback. Those of servers that have to reach the mall are the same in their containers. */
export interface ExtraPorts {
  readonly jaeger: number;
  readonly jaegerOtlp: number;
  readonly prometheus: number;
  readonly grafana: number;
  readonly collectorOtlp: number;
  readonly collectorHealth: number;
  readonly collectorMetrics: number;
  readonly spanMetrics: number;
}

/** A container that is to be started, down to its last file. */
export interface ExtraPlan {
  readonly name: ExtraName;
  readonly image: string;
  /** For people. */
  readonly url: string;
  /** Answers with success once it is ready. */
  readonly readyUrl: string;
  /** Ports that are published, by those inside; undefined where the machine's network is shared. */
  readonly published: Readonly<Record<number, number>> | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly files: readonly ExtraFile[];
}

export interface ExtraFile {
  readonly target: string;
  readonly content: string;
}

export interface PlanOptions {
  readonly images: Images;
  readonly ports: ExtraPorts;
  /** Undefined where containers cannot reach the mall. */
  readonly placement: Placement | undefined;
  /** Those that are wanted and whose images are there. */
  readonly available: ReadonlySet<ExtraName>;
}

export type PlacedOptions = PlanOptions & { readonly placement: Placement };
