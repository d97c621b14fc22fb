/**
 * The statuses search shows, what ordering calls them, and the lowest version at which an order can have
 * them: each step of an order's life is one event, so the place of a status in that life is a version. It
 * stands in where none travels along, in messages of a foreign sender and in ordering's answers.
 */
const statuses = [
  { shown: 'New', ordering: ['pending'], version: 1 },
  { shown: 'Approved', ordering: ['approved', 'in-progress'], version: 2 },
  { shown: 'Rejected', ordering: ['rejected'], version: 2 },
  { shown: 'Canceled', ordering: ['cancelled'], version: 2 },
  { shown: 'Ready For Pickup', ordering: ['ready'], version: 3 },
  { shown: 'Completed', ordering: ['completed'], version: 4 },
] as const;

export type OrderStatus = (typeof statuses)[number]['shown'];

/** Every status as it is shown, in the order of an order's life. */
export const orderStatuses: readonly OrderStatus[] = statuses.map(({ shown }) => shown);

const byName = new Map<string, OrderStatus>(
  statuses.flatMap(({ shown, ordering }) =>
    [shown, ...ordering].map((name) => [name.toLowerCase(), shown] as const),
  ),
);

const versions = new Map<OrderStatus, number>(statuses.map(({ shown, version }) => [shown, version]));

/** The status of this name, shown or ordering's, in whatever case; undefined when there is none (row S9). */
export function statusNamed(name: string): OrderStatus | undefined {
  return byName.get(name.toLowerCase());
}

/** The lowest version an order can have with this status. */
export function versionOf(status: OrderStatus): number {
  return versions.get(status) ?? 1;
}
