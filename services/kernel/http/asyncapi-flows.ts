import {
  type AnyMessageDefinition,
  allMessages,
  type ConsumerGroup,
  type ContextName,
  channels,
  consumerGroups,
} from '../../../proto/catalogue.ts';

/** A channel as documents name it. */
export interface Place {
  readonly key: string;
  /** Subject without the stream's name in front; undefined where each message says where its answer goes. */
  readonly subject: string | undefined;
}

/** Messages that a context sends to a channel, or that one of its consumer groups takes from there. */
export interface Flow {
  /** Unique among the flows of a context. */
  readonly id: string;
  readonly action: 'send' | 'receive';
  readonly title: string;
  readonly summary: string;
  readonly place: Place;
  readonly messages: readonly AnyMessageDefinition[];
  readonly group?: ConsumerGroup;
  /** What answers the messages, if they are commands. */
  readonly answers?: { readonly place: Place; readonly messages: readonly AnyMessageDefinition[] };
}

type Kind = AnyMessageDefinition['kind'];

const groups: readonly (readonly [id: string, group: ConsumerGroup])[] = Object.entries(consumerGroups);

/** Where commands want to be answered; the mall's saga names the channel that `cosec-replies` reads. */
export const replyPlace: Place = { key: 'commandReplies', subject: undefined };

/** All that a context sends and takes, in the order of the catalogue. */
export function flowsOf(context: ContextName): readonly Flow[] {
  return [...sentBy(context), ...repliesSentBy(context), ...takenBy(context)];
}

/** The contexts that send a message: for the replies any handler gives, all those that handle commands. */
export function publishersOf(message: AnyMessageDefinition): readonly ContextName[] {
  if (message.publisher) return [message.publisher];
  return groups.filter(([, group]) => takes(group, 'command')).map(([, { context }]) => context);
}

export function consumersOf(message: AnyMessageDefinition): readonly ConsumerGroup[] {
  return groups.map(([, group]) => group).filter((group) => group.messages.includes(message));
}

/** `storeEvents` as `Store events`. */
export function inWords(name: string): string {
  const words = name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.replace(/^./, (letter) => letter.toUpperCase());
}

function sentBy(context: ContextName): Flow[] {
  const own = allMessages.filter(({ publisher }) => publisher === context);
  const bySubject = Map.groupBy(own, ({ channel }) => channel);
  return [...bySubject].flatMap(([subject, messages]) => {
    if (subject === undefined) return [];
    const isEvents = messages.every(({ kind }) => kind === 'event');
    return isEvents ? eventFlow(subject, messages) : commandFlow(context, subject, messages);
  });
}

/** Named as the original names those it documents: `storeAggregateEvents`. */
function eventFlow(subject: string, messages: readonly AnyMessageDefinition[]): Flow {
  const aggregate = subject.split('.').at(-1) ?? subject;
  const place = placeOf(subject);
  return {
    id: `${aggregate.replace(/^./, (letter) => letter.toLowerCase())}AggregateEvents`,
    action: 'send',
    title: inWords(place.key),
    summary: `Tells what happens to ${inWords(aggregate).toLowerCase()}s.`,
    place,
    messages,
  };
}

function commandFlow(sender: ContextName, subject: string, messages: readonly AnyMessageDefinition[]): Flow {
  const place = placeOf(subject);
  const handler = groups.find(([, { channel }]) => channel === subject)?.[1].context;
  const answered = groups.find(([, group]) => group.context === sender && takes(group, 'reply'))?.[1];
  if (!handler || !answered) throw new Error(`${subject}: its commands have no handler or no way back`);
  return {
    id: `send${place.key.replace(/^./, (letter) => letter.toUpperCase())}`,
    action: 'send',
    title: inWords(place.key),
    summary: `Asks ${handler} to do something, and awaits the reply.`,
    place,
    messages,
    answers: { place: placeOf(answered.channel), messages: repliesOf(handler) },
  };
}

function repliesSentBy(context: ContextName): Flow[] {
  const messages = repliesOf(context);
  if (messages.length === 0) return [];
  return [
    {
      id: 'sendCommandReplies',
      action: 'send',
      title: 'Command replies',
      summary: 'Answers each command where it asks to be answered.',
      place: replyPlace,
      messages,
    },
  ];
}

function takenBy(context: ContextName): Flow[] {
  const own = groups.filter(([, group]) => group.context === context);
  return own.map(([id, group]) => {
    const place = placeOf(group.channel);
    return {
      id,
      action: 'receive',
      title: inWords(place.key),
      summary: 'Takes these messages; others of the channel are acknowledged and dropped.',
      place,
      messages: group.messages,
      group,
      ...(takes(group, 'command') && { answers: { place: replyPlace, messages: repliesOf(context) } }),
    };
  });
}

/** The replies that a context gives to commands; none if it handles none. */
function repliesOf(context: ContextName): readonly AnyMessageDefinition[] {
  return allMessages.filter((message) => message.kind === 'reply' && publishersOf(message).includes(context));
}

function takes(group: ConsumerGroup, kind: Kind): boolean {
  return group.messages.some((message) => message.kind === kind);
}

function placeOf(subject: string): Place {
  const key = Object.entries(channels).find(([, channel]) => channel === subject)?.[0];
  if (key === undefined) throw new Error(`the catalogue has no channel ${subject}`);
  return { key, subject };
}
