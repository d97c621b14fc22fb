import { type CustomerId, Forbidden } from '../domain/index.ts';

/** What a caller can be. `service` is the mall's own contexts and whoever runs the mall: it may call everything. */
export const roles = ['customer', 'store-owner', 'depot', 'service'] as const;

export type Role = (typeof roles)[number];

/** Who calls, as a token tells it. */
export interface Caller {
  /** A customer's id, a store owner's, or a name for whatever else it is. */
  readonly id: string;
  readonly role: Role;
}

/** The roles that may call a method, beside `service`; `anybody` needs no token. */
export type Permission = 'anybody' | readonly Role[];

/** Who may call what: a row for every method of a generated service definition, which the compiler demands. */
export type AccessTable<Service extends object> = { readonly [Name in keyof Service]: Permission };

/** What holds for a method that no table has. */
export const SERVICE_ONLY: Permission = ['service'];

/** @throws Forbidden naming the roles that may */
export function mustBeAllowed({ role }: Caller, permission: Permission): void {
  if (permission === 'anybody' || role === 'service' || permission.includes(role)) return;
  const wanted = [...new Set([...permission, 'service'])].join(' or ');
  throw new Forbidden(`this needs a token of the role ${wanted}; yours has the role ${role}`);
}

/**
 * Customers reach what is theirs only. Without a caller authentication is off and everything is everybody's.
 * @throws Forbidden
 */
export function mustOwn(caller: Caller | undefined, customerId: CustomerId): void {
  if (!caller || caller.role === 'service' || caller.id === customerId) return;
  throw new Forbidden('this belongs to another customer');
}

/** As {@link mustOwn} where the owner has to be looked up, which is done only for callers it matters for. */
export async function mustOwnLoaded(
  caller: Caller | undefined,
  ownerOf: () => Promise<CustomerId>,
): Promise<void> {
  if (caller && caller.role !== 'service') mustOwn(caller, await ownerOf());
}
