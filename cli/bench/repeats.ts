import type { FigureId, Values } from './figures.ts';
import { isFigureId } from './figures.ts';

/** The middle one, or the mean of the two in the middle. @throws TypeError for no numbers */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new TypeError('there is no middle of nothing');
  return (low + high) / 2;
}

/** A figure over several runs of its benchmark. */
export interface Measured {
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

/** Each figure's median over the runs, with the least and the most seen. */
export function overRuns(runs: readonly Values[]): Map<FigureId, Measured> {
  const ids = new Set(runs.flatMap((run) => Object.keys(run).filter(isFigureId)));
  const measured = new Map<FigureId, Measured>();
  for (const id of ids) {
    const numbers = runs.flatMap((run) => run[id] ?? []);
    measured.set(id, { value: median(numbers), least: Math.min(...numbers), most: Math.max(...numbers) });
  }
  return measured;
}
