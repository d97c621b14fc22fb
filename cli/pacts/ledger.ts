import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { tryFolder } from '../terminal/report-place.ts';

const failure = z.object({ interaction: z.string(), reason: z.string() });

const entry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('published'),
    at: z.string(),
    consumer: z.string(),
    provider: z.string(),
    digest: z.string(),
    version: z.string(),
    branch: z.string().optional(),
  }),
  z.object({
    kind: z.literal('verified'),
    at: z.string(),
    consumer: z.string(),
    provider: z.string(),
    digest: z.string(),
    /** The provider's commit. */
    version: z.string(),
    /** Whether files differed from that commit. */
    changed: z.boolean(),
    failures: z.array(failure),
  }),
  z.object({
    kind: z.literal('deployed'),
    at: z.string(),
    pacticipant: z.string(),
    version: z.string(),
    environment: z.string(),
  }),
]);
export type LedgerEntry = z.output<typeof entry>;
export type Verified = Extract<LedgerEntry, { kind: 'verified' }>;

/**
 * What is known of the pacts where there is no broker: a file of one line per fact, only ever added to, so that two
 * runs can write it at the same time.
 */
export class Ledger {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Every fact, the oldest first. @throws CliError (3) for a line that nobody here has written */
  read(): readonly LedgerEntry[] {
    if (!existsSync(this.#file)) return [];
    const lines = readFileSync(this.#file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    return lines.map((line, index) => {
      try {
        return entry.parse(JSON.parse(line));
      } catch (error) {
        throw new CliError(`Line ${index + 1} of ${this.#file} cannot be read.`, {
          exitCode: exitCodes.configuration,
          cause: error,
          next: 'remove the line, or the file: `mall test contracts` verifies anew',
        });
      }
    });
  }

  /** Makes sure, before a long verification, that there is something to write it to. @throws CliError (4) */
  prepare(): void {
    try {
      tryFolder(dirname(this.#file));
    } catch (error) {
      throw new CliError(`What becomes of the pacts cannot be kept in ${this.#file} (${errorCode(error)}).`, {
        exitCode: exitCodes.environment,
        cause: error,
        next: 'set MALL_HOME to a folder that can be written, for example `MALL_HOME=~/.mall mall test contracts`',
      });
    }
  }

  add(entries: readonly LedgerEntry[]): void {
    if (entries.length === 0) return;
    this.prepare();
    appendFileSync(this.#file, entries.map((each) => `${JSON.stringify(each)}\n`).join(''));
  }
}
