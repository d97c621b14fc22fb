import { z } from 'zod';

/** How one interaction of a contract stands after its provider was asked. */
export const verifiedInteraction = z.object({
  consumer: z.string(),
  provider: z.string(),
  description: z.string(),
  states: z.array(z.string()),
  ok: z.boolean(),
  /** A contract that the provider has never kept: its failure fails nobody. */
  pending: z.boolean(),
  /** What differs; empty when it is kept. */
  reasons: z.array(z.string()),
});
export type VerifiedInteraction = z.output<typeof verifiedInteraction>;

/** An interaction as people name it: `a StoreCreated message (a store was created)`. */
export function interactionName({ description, states }: { description: string; states: readonly string[] }) {
  return states.length === 0 ? description : `${description} (${states.join(', ')})`;
}

/** What the process that verifies a context is told. Secrets of a broker are in its environment. */
export const verificationOrder = z.object({
  context: z.string(),
  /** Pact files and the pacticipants they are about; empty where a broker is asked. */
  files: z.array(z.object({ provider: z.string(), path: z.string() })),
  broker: z
    .object({
      url: z.string(),
      /** The one pact to verify, as a webhook names it; those the selectors find when absent. */
      pact: z.object({ provider: z.string(), url: z.string() }).optional(),
      /** The provider's version; results are published under it, or not at all. */
      version: z.string(),
      branch: z.string().optional(),
      buildUrl: z.string().optional(),
      publish: z.boolean(),
    })
    .optional(),
});
export type VerificationOrder = z.output<typeof verificationOrder>;
