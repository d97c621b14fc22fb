import { z } from 'zod';
import * as calls from '../cli/busywork/calls.ts';
import type { PactFile, PactInteraction } from '../cli/pacts/pact-files.ts';
import { contractStream, owedMessages, pacticipant } from './contracts.ts';

/**
 * The contracts that are owed and not there: for every consumer of the catalogue each message it takes, from every
 * context that sends it; for the simulator every call it makes. For people, one a line.
 */
export function missingContracts(pacts: readonly PactFile[]): string[] {
  return [...missingMessages(pacts), ...missingCalls(pacts)];
}

function missingMessages(pacts: readonly PactFile[]): string[] {
  return owedMessages().flatMap(({ group, message, publisher }) => {
    const consumer = pacticipant.subscriber(group.context);
    const provider = pacticipant.publisher(publisher);
    const subject = `${contractStream}.${group.channel}`;
    const there = between(pacts, consumer, provider).some(
      ({ metadata }) => metadata?.name === message.name && metadata.subject === subject,
    );
    return there ? [] : [`${consumer} takes ${message.name} on ${subject} from ${provider}`];
  });
}

const call = z.object({ name: z.string(), method: z.string(), path: z.string() });

function missingCalls(pacts: readonly PactFile[]): string[] {
  return Object.values(calls).flatMap((each) => {
    const { data } = call.safeParse(each);
    if (!data) return [];
    const context = data.path.split('/')[2] ?? '';
    const provider = `${context}-api`;
    const pattern = new RegExp(`^${data.path.replace('{id}', '[^/]+')}$`);
    const there = between(pacts, 'busywork', provider).some(
      ({ request }) => request?.method === data.method && pattern.test(request.path),
    );
    return there ? [] : [`busywork calls ${data.method} ${data.path} of ${provider} (${data.name})`];
  });
}

function between(pacts: readonly PactFile[], consumer: string, provider: string): readonly PactInteraction[] {
  return pacts
    .filter((pact) => pact.consumer === consumer && pact.provider === provider)
    .flatMap(({ interactions }) => interactions);
}
