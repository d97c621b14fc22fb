import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

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

  add(entries: readonly LedgerEntry[]): void {
    if (entries.length === 0) return;
    mkdirSync(dirname(this.#file), { recursive: true });
    appendFileSync(this.#file, entries.map((each) => `${JSON.stringify(each)}\n`).join(''));
  }
}
