import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

const interactionShape = z.looseObject({
  type: z.string(),
  description: z.string(),
  providerStates: z.array(z.looseObject({ name: z.string() })).default([]),
  /** Of a message; matchers aside, the values of the example. */
  metadata: z.record(z.string(), z.unknown()).optional(),
  /** Of an HTTP interaction. */
  request: z.looseObject({ method: z.string(), path: z.string() }).optional(),
});
export type PactInteraction = z.output<typeof interactionShape>;

const pactShape = z.looseObject({
  consumer: z.object({ name: z.string() }),
  provider: z.object({ name: z.string() }),
  interactions: z.array(interactionShape),
});

/** A contract between two, as it lies in a file. */
export interface PactFile {
  readonly path: string;
  readonly consumer: string;
  readonly provider: string;
  readonly interactions: readonly PactInteraction[];
  /** Tells contents apart: whoever made the file, the same interactions have the same digest. */
  readonly digest: string;
}

/** The pacts in a folder, in alphabetical order. @throws CliError (3) for a file that is no pact */
export function readPactFiles(folder: string): PactFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readPactFile(join(folder, name)));
}

function readPactFile(path: string): PactFile {
  try {
    const { consumer, provider, interactions } = pactShape.parse(JSON.parse(readFileSync(path, 'utf8')));
    const digest = createHash('sha256')
      .update(JSON.stringify(inOrder(interactions)))
      .digest('hex');
    return { path, consumer: consumer.name, provider: provider.name, interactions, digest };
  } catch (error) {
    throw new CliError(`${path} is no pact.`, {
      exitCode: exitCodes.configuration,
      cause: error instanceof z.ZodError ? z.prettifyError(error) : error,
      next: '`mall test contracts` makes the pact files anew',
    });
  }
}

/** A pact as it is committed: interactions in a stable order, so that the same contract is the same text. */
export function canonicalPact(text: string): string {
  const pact = pactShape.parse(JSON.parse(text));
  return `${JSON.stringify({ ...pact, interactions: inOrder(pact.interactions) }, null, 2)}\n`;
}

function inOrder(interactions: readonly PactInteraction[]): PactInteraction[] {
  const key = ({ type, description, providerStates }: PactInteraction) =>
    JSON.stringify([type, description, providerStates]);
  return interactions.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}
