import { channels, messages, metadataKeys } from '../../../proto/catalogue.ts';
import type { Envelope } from '../messaging/index.ts';

/** What the page shows of an order: where it has got to, or what is being done for it. */
export interface OrderChange {
  readonly id: string;
  readonly at: string;
  /** A state of the order, from its own events. */
  readonly state?: string;
  /** What its saga has just asked for. */
  readonly step?: string;
}

const { ordering } = messages;

/** States by the events that lead to them. */
const states: ReadonlyMap<string, string> = new Map([
  [ordering.orderCreated.name, 'pending'],
  [ordering.orderApproved.name, 'approved'],
  [ordering.orderRejected.name, 'rejected'],
  [ordering.orderCanceled.name, 'cancelled'],
  [ordering.orderReadied.name, 'ready'],
  [ordering.orderCompleted.name, 'completed'],
]);

/** Channels on which orders are heard of: their own events, and the commands of their saga. */
export const orderChannels: readonly string[] = [
  channels.orderEvents,
  channels.customersCommands,
  channels.depotCommands,
  channels.paymentsCommands,
  channels.orderingCommands,
];

/** What a message says about an order; undefined for one that says nothing. */
export function orderChange({ name, metadata, occurredAt }: Envelope): OrderChange | undefined {
  const at = occurredAt.toISOString();
  const state = states.get(name);
  if (state !== undefined) {
    const id = metadata[metadataKeys.aggregateId];
    return id === undefined ? undefined : { id, at, state };
  }
  // A saga has the id of the order it is about.
  const id = metadata[metadataKeys.commandSagaId];
  const command = name.split('.').at(-1);
  return id === undefined || command === undefined ? undefined : { id, at, step: inWords(command) };
}

/** `AuthorizeCustomer` as `authorize customer`. */
function inWords(name: string): string {
  return name
    .replace(/Command$/, '')
    .replaceAll(/(?!^)([A-Z])/g, ' $1')
    .toLowerCase();
}
