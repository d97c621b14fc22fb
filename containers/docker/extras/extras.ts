import type { StartedTestContainer } from 'testcontainers';
import { isPortFree, reason } from '../../embedded/index.ts';
import type { DockerEngine } from '../engine.ts';
import type { Images } from '../images.ts';
import type { RunningContainer } from '../running-container.ts';
import { type ExtraName, type ExtraPlan, type ExtraPorts, extraTitles } from './extra.ts';
import { type Placement, placementOn } from './placement.ts';
import { planExtras } from './plan.ts';
import { type ScrapeTarget, targetsContent, targetsFile } from './prometheus.ts';
import { startExtra, untilExtraIsReady } from './start-extra.ts';

/** Where the ports are looked for, from these on: the services' own, where they are free. */
const firstPorts: ExtraPorts = {
  jaeger: 16_686,
  jaegerOtlp: 4_318,
  prometheus: 9_090,
  grafana: 3_000,
  collectorOtlp: 24_318,
  collectorHealth: 13_133,
  collectorMetrics: 8_888,
  spanMetrics: 9_464,
};
const triesPerPort = 200;

export interface ExtrasOptions {
  readonly engine: DockerEngine;
  readonly images: Images;
  readonly available: ReadonlySet<ExtraName>;
  /** The mall's folder: it names its containers. */
  readonly folder: string;
  readonly logFile: (name: ExtraName) => string;
  readonly signal: AbortSignal;
  readonly onNotice: (sentence: string) => void;
}

/** The extras of a running mall. None of them can do the mall any harm: one that fails is told and left out. */
export interface Extras {
  /** Where traces are to be sent, and who answers Jaeger's query API; undefined without Jaeger. */
  readonly traces: { readonly endpoint: string; readonly queryUrl: string } | undefined;
  /** Those that have been started so far. */
  readonly running: readonly RunningContainer[];
  /** Resolves once each is ready or has failed. */
  readonly settled: Promise<void>;
  /** Tells Prometheus, where there is one, what to scrape. Never rejects. */
  scrape(targets: readonly ScrapeTarget[]): Promise<void>;
}

/** Begins to start the extras whose images are there; their addresses are known at once. */
export async function startExtras(options: ExtrasOptions): Promise<Extras> {
  const { engine, images, available, onNotice } = options;
  const placement = placementOn(await engine.facts());
  const ports = await freePorts();
  const { plans, leftOut } = planExtras({ images, ports, placement, available });
  for (const { name, why } of leftOut) onNotice(`${capital(extraTitles[name])} is left out: ${why}`);
  const running: RunningContainer[] = [];
  const prometheus = Promise.withResolvers<StartedTestContainer | undefined>();
  const starts = plans.map(async (plan) => {
    try {
      await bringUp(plan, options, (container) => {
        running.push({ service: plan.name, id: container.getId(), image: plan.image, url: plan.url });
        if (plan.name === 'prometheus') prometheus.resolve(container);
      });
    } catch (error) {
      if (!options.signal.aborted)
        onNotice(`${capital(extraTitles[plan.name])} is left out: ${reason(error)}`);
    }
  });
  const settled = Promise.all(starts).then(() => prometheus.resolve(undefined));
  return {
    traces: tracesOf(plans, ports),
    running,
    settled,
    async scrape(targets) {
      const container = await prometheus.promise;
      if (container === undefined || placement === undefined) return;
      try {
        await tell(container, targets, placement);
      } catch (error) {
        onNotice(`Prometheus could not be told where the mall is: ${reason(error)}`);
      }
    },
  };
}

async function bringUp(
  plan: ExtraPlan,
  { engine, folder, logFile, signal, onNotice }: ExtrasOptions,
  started: (container: StartedTestContainer) => void,
): Promise<void> {
  const begun = performance.now();
  const start = { engine, plan, folder, logFile: logFile(plan.name), signal };
  const container = await startExtra(start);
  started(container);
  await untilExtraIsReady(start, container);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  onNotice(`${capital(extraTitles[plan.name])} is up after ${seconds} s`);
}

function tracesOf(plans: readonly ExtraPlan[], ports: ExtraPorts): Extras['traces'] {
  const jaeger = plans.find(({ name }) => name === 'jaeger');
  if (jaeger === undefined) return undefined;
  const collector = plans.some(({ name }) => name === 'collector');
  const port = collector ? ports.collectorOtlp : ports.jaegerOtlp;
  return { endpoint: `http://127.0.0.1:${port}`, queryUrl: jaeger.url };
}

async function tell(
  prometheus: StartedTestContainer,
  targets: readonly ScrapeTarget[],
  placement: Placement,
): Promise<void> {
  const content = targetsContent(targets, placement);
  await prometheus.copyContentToContainer([{ content, target: targetsFile, mode: 0o644 }]);
}

async function freePorts(): Promise<ExtraPorts> {
  const taken = new Set<number>();
  const choose = async (name: keyof ExtraPorts) => {
    for (let port = firstPorts[name]; port < firstPorts[name] + triesPerPort; port++) {
      if (taken.has(port) || !(await isPortFree(port))) continue;
      taken.add(port);
      return port;
    }
    throw new Error(`none of ${triesPerPort} ports from ${firstPorts[name]} on is free`);
  };
  return {
    jaeger: await choose('jaeger'),
    jaegerOtlp: await choose('jaegerOtlp'),
    prometheus: await choose('prometheus'),
    grafana: await choose('grafana'),
    collectorOtlp: await choose('collectorOtlp'),
    collectorHealth: await choose('collectorHealth'),
    collectorMetrics: await choose('collectorMetrics'),
    spanMetrics: await choose('spanMetrics'),
  };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
