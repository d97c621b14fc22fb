import { z } from 'zod';
import type { Broker } from './broker.ts';
import { interactionName } from './verified-interaction.ts';

const link = z.object({ href: z.string() });

/** A pact as a broker shows it: its content, with ids of the interactions, and its links. */
const brokerPact = z.object({
  consumer: z.object({ name: z.string() }),
  provider: z.object({ name: z.string() }),
  interactions: z
    .array(
      z.object({
        _id: z.string().optional(),
        description: z.string(),
        providerStates: z.array(z.object({ name: z.string() })).default([]),
      }),
    )
    .default([]),
  _links: z.object({ 'pb:latest-verification-results': link.optional() }),
});
export type BrokerPact = z.output<typeof brokerPact>;

const testResult = z.object({
  interactionId: z.string().optional(),
  interactionDescription: z.string().optional(),
  success: z.boolean(),
  mismatches: z.array(z.object({ description: z.string() })).default([]),
  exceptions: z.array(z.object({ message: z.string() })).default([]),
});

/** What a verifier has published; other verifiers than Pact's own may tell their tests in another form. */
const brokerResult = z.object({
  success: z.boolean(),
  providerApplicationVersion: z.string(),
  verificationDate: z.string().nullish(),
  testResults: z.array(testResult).nullish().catch(undefined),
});
export type BrokerResult = z.output<typeof brokerResult>;

/** @throws CliError (3, 4) */
export async function pactAt(broker: Broker, href: string): Promise<BrokerPact> {
  return brokerPact.parse(await broker.read(href));
}

/** The result at a link; undefined where there is none yet. @throws CliError (3, 4) */
export async function resultAt(broker: Broker, href: string | undefined): Promise<BrokerResult | undefined> {
  const found = href === undefined ? undefined : await broker.find(href);
  return found === undefined ? undefined : brokerResult.parse(found);
}

export function interactionsOf({ interactions }: BrokerPact): string[] {
  return interactions.map(nameOf);
}

/** Each interaction that was not kept, with the reasons. */
export function failuresOf({ interactions }: BrokerPact, { testResults }: BrokerResult): string[] {
  return (testResults ?? [])
    .filter(({ success }) => !success)
    .map(({ interactionId, interactionDescription, mismatches, exceptions }) => {
      const known = interactions.find(({ _id }) => _id !== undefined && _id === interactionId);
      const name = known ? nameOf(known) : (interactionDescription ?? 'an interaction');
      const reasons = [
        ...mismatches.map(({ description }) => description),
        ...exceptions.map(({ message }) => message),
      ];
      return `${name}: ${reasons.length > 0 ? reasons.join('; ') : 'it was not kept'}`;
    });
}

function nameOf({ description, providerStates }: BrokerPact['interactions'][number]): string {
  return interactionName({ description, states: providerStates.map(({ name }) => name) });
}
