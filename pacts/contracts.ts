import {
  type AnyMessageDefinition,
  type ConsumerGroup,
  type ContextName,
  consumerGroups,
} from '../proto/catalogue.ts';

/** The names contracts are known by. They are the original's: a broker that has its pacts goes on with ours. */
export const pacticipant = {
  /** A context as it takes messages. */
  subscriber: (context: ContextName) => `${context}-sub`,
  /** A context as it sends events, commands or replies. */
  publisher: (context: ContextName) => `${context}-pub`,
  /** A context's REST door. */
  api: (context: ContextName) => `${context}-api`,
} as const;

/** The stream's name is a setting; contracts name subjects by its default. */
export const contractStream = 'intellimall';

/** A message that one context takes from another. */
export interface OwedMessage {
  readonly group: ConsumerGroup;
  readonly message: AnyMessageDefinition;
  readonly publisher: ContextName;
}

const groups: readonly ConsumerGroup[] = Object.values(consumerGroups);

/** Contexts that are commanded: each of them sends the replies that belong to nobody in particular. */
const commanded = groups
  .filter((group) => group.messages.some(({ kind }) => kind === 'command'))
  .map((group) => group.context);

/** Every contract between contexts that the catalogue asks for. */
export function owedMessages(): readonly OwedMessage[] {
  return groups.flatMap((group) =>
    group.messages.flatMap((message) => {
      const publishers = message.publisher === undefined ? commanded : [message.publisher];
      return publishers.map((publisher) => ({ group, message, publisher }));
    }),
  );
}

/** What interactions about a message are called: `a StoreCreated message`. */
export function descriptionOf({ name }: Pick<AnyMessageDefinition, 'name'>): string {
  return `a ${name.slice(name.indexOf('.') + 1)} message`;
}
