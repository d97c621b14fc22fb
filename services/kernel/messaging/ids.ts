import { createHash, randomUUID } from 'node:crypto';
import type { Causation, RequestKey } from '../database/index.ts';

/** A fresh id for something new. */
export function newId(): string {
  return randomUUID();
}

/** An id that is the same each time the same thing is done again, so that a repeat is recognised as one. */
export function derivedId(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  // Shaped as a UUID version 8 (RFC 9562: "vendor specific"), since readers of the original expect UUIDs.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The id of what a request under an `Idempotency-Key` creates: the same each time it is sent. */
export function idUnderKey({ key, method }: RequestKey): string {
  return derivedId('idempotency-key', method, key);
}

/** The id for what a request creates: fresh, unless the request came under an `Idempotency-Key`. */
export function mintId({ requestKey }: Causation): string {
  return requestKey ? idUnderKey(requestKey) : newId();
}
