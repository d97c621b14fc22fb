import { z } from 'zod';
import { entryOf, type FigureId, figures, isFigureId } from './figures.ts';
import type { Measured } from './repeats.ts';

/** The document's name and version, as `--json` prints it and `--compare` reads it. */
export const schemaName = 'mall.bench/1';

const figureShape = z.object({
  id: z.string(),
  title: z.string(),
  unit: z.string(),
  better: z.enum(['lower', 'higher']),
  target: z.number().optional(),
  /** The median over the runs. */
  value: z.number(),
  least: z.number(),
  most: z.number(),
  runs: z.number(),
  /** The same with the relay in the original's manner, and how many times better ours is. */
  polled: z.number().optional(),
  gain: z.number().optional(),
});

export const reportShape = z.object({
  schema: z.literal(schemaName),
  version: z.string(),
  startedAt: z.iso.datetime(),
  tookSeconds: z.number(),
  /** Measured only enough to show that it runs: figures say nothing. */
  quick: z.boolean(),
  /** How full `flat` filled its tables, of the numbers in the titles of its figures. */
  flatPercent: z.number(),
  machine: z.object({
    processor: z.string(),
    cores: z.number(),
    memoryGb: z.number(),
    system: z.string(),
    node: z.string(),
    diskSyncMs: z.number(),
    loadBefore: z.number(),
  }),
  durability: z.object({ postgres: z.string(), nats: z.string() }),
  figures: z.array(figureShape),
});

export type BenchReport = z.output<typeof reportShape>;
export type FigureReport = z.output<typeof figureShape>;

/** Figures in the order of their table, with the gain over the polled relay where that was measured. */
export function figureReports(measured: {
  readonly woken: ReadonlyMap<FigureId, Measured>;
  readonly polled: ReadonlyMap<FigureId, Measured>;
  readonly runs: ReadonlyMap<FigureId, number>;
}): FigureReport[] {
  return Object.keys(figures)
    .filter(isFigureId)
    .flatMap((id) => {
      const ours = measured.woken.get(id);
      if (ours === undefined) return [];
      const polled = measured.polled.get(id)?.value;
      const entry = entryOf(id);
      return {
        id,
        ...entry,
        ...ours,
        runs: measured.runs.get(id) ?? 1,
        ...(polled !== undefined && { polled, gain: timesBetter(entry.better, ours.value, polled) }),
      };
    });
}

/** How many times better a value is than another: above 1 better, below 1 worse. */
export function timesBetter(better: 'lower' | 'higher', value: number, than: number): number {
  return better === 'higher' ? value / than : than / value;
}
