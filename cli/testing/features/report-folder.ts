import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { prepareFolder } from '../../terminal/report-place.ts';

/** Folders of runs that are kept; older ones go. */
const keptRuns = 10;

/** What cucumber writes of a run, by its name of the format. */
const files = { html: 'report.html', junit: 'junit.xml', json: 'report.json', message: 'messages.ndjson' };

/** Where runs leave what they have to show; each run has a folder of its own, so that two may run at once. */
export class ReportFolder {
  readonly #base: string;
  readonly #asked: boolean;
  readonly path: string;

  /** @param run names the run's folder; a folder that was asked for is used as it is */
  constructor(asked: string | undefined, run: string) {
    this.#asked = asked !== undefined;
    this.#base = resolve(asked ?? 'reports/features');
    this.path = asked === undefined ? join(this.#base, run) : this.#base;
  }

  /** Makes the folder and answers where each report goes. @throws CliError (4) where it cannot be made or written */
  prepare(): Record<string, string> {
    prepareFolder({ flag: '--reports', path: this.path });
    if (!this.#asked) this.#forgetOldRuns();
    return Object.fromEntries(Object.entries(files).map(([format, file]) => [format, join(this.path, file)]));
  }

  /** Notes what is to be run by `--rerun`. */
  rememberFailures(places: readonly string[]): void {
    writeFileSync(this.#failures, places.map((place) => `${place}\n`).join(''));
  }

  /** What failed the last time, as `file:line`. @throws CliError (2) when nothing did */
  lastFailures(): string[] {
    const places = existsSync(this.#failures) ? readFileSync(this.#failures, 'utf8').split('\n') : [];
    const failed = places.filter((place) => place !== '');
    if (failed.length > 0) return failed;
    throw new CliError('Nothing is known to have failed the last time.', {
      exitCode: exitCodes.usage,
      next: '`mall test features` runs all scenarios',
    });
  }

  get #failures(): string {
    return join(this.#base, 'last-failures.txt');
  }

  #forgetOldRuns(): void {
    const runs = readdirSync(this.#base, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && join(this.#base, entry.name) !== this.path)
      .map(({ name }) => ({ path: join(this.#base, name), at: changedAt(join(this.#base, name)) }))
      .sort((a, b) => b.at - a.at);
    for (const { path } of runs.slice(keptRuns - 1)) rmSync(path, { recursive: true, force: true });
  }
}

/** Two runs may tidy up at once: what is gone is old. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
