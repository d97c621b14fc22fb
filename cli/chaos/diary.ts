import { writeJsonFile } from '../malls/json-file.ts';
import { formatDuration } from '../terminal/duration.ts';
import type { Narrator } from '../terminal/narrator.ts';
import type { Output } from '../terminal/output.ts';
import { prepareFile } from '../terminal/report-place.ts';
import type { Plan } from './plan.ts';
import { type ChaosResult, type ChaosRows, outcomeOf, schemaName, sentence } from './report.ts';
import { newestLines } from './table.ts';

export interface DiaryOptions {
  readonly output: Output;
  readonly narrator: Narrator;
  readonly plan: Plan;
}

/** Tells and keeps what a run finds as it finds it: one that is cut off has shown, and left, what it had. */
export class Diary {
  readonly #options: DiaryOptions;
  readonly #started = performance.now();
  #rows: ChaosRows;

  /** @throws CliError (4) when its file cannot be written */
  constructor(options: DiaryOptions) {
    this.#options = options;
    this.#rows = options.plan.before;
    prepareFile({ flag: '--save', path: options.plan.save });
    this.#keep();
  }

  /** What has been found so far. */
  get result(): ChaosResult {
    const { seed, mode, planned, tookMs } = this.#options.plan;
    const took = Math.round(tookMs + performance.now() - this.#started);
    return { ...this.#rows, seed, mode, planned, tookMs: took };
  }

  /** Says what is tried next. */
  begin(what: string): void {
    const { rows, planned, tookMs } = this.result;
    this.#options.narrator.step(`${rows.length + 1} of ${planned}, ${formatDuration(tookMs)}: ${what}`);
  }

  /** Tells the newest row and keeps them all. */
  told(rows: ChaosRows): void {
    const { narrator, output } = this.#options;
    this.#rows = rows;
    this.#keep();
    narrator.clear();
    if (!output.json) for (const line of newestLines(rows, output)) output.result(line);
  }

  /** Tells the outcome: the document, or the last sentence below the table. */
  close(): void {
    const { output } = this.#options;
    if (output.json) output.document(schemaName, { ...this.result, ...outcomeOf(this.#rows) });
    else output.result(`\n${sentence(this.result)}`);
  }

  #keep(): void {
    writeJsonFile(this.#options.plan.save, {
      schema: schemaName,
      ...this.result,
      ...outcomeOf(this.#rows),
    });
  }
}
