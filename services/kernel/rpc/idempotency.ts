import { createHash } from 'node:crypto';
import { type Database, RepeatedRequest, type RequestKey, rememberedRequest } from '../database/index.ts';
import { AlreadyExists, BadRequest } from '../domain/index.ts';
import { idUnderKey } from '../messaging/index.ts';
import type { Caller } from './access.ts';

const MAX_KEY_CHARS = 255;

export interface KeyedRequest {
  readonly method: string;
  readonly bytes: Uint8Array;
  /** Each has keys of its own: nobody is answered with what another caller created, nor kept from a key. */
  readonly caller: Caller | undefined;
}

/** Reads an `Idempotency-Key`. @throws BadRequest for one that is blank, too long or not printable ASCII */
export function requestKey(key: string, { method, bytes, caller }: KeyedRequest): RequestKey {
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > MAX_KEY_CHARS) {
    throw new BadRequest(
      `the Idempotency-Key must be 1 to ${MAX_KEY_CHARS} printable ASCII characters without spaces`,
    );
  }
  const fingerprint = createHash('sha256').update(bytes).digest('base64url');
  return { key: caller ? `${caller.role} ${caller.id} ${key}` : key, method, fingerprint };
}

/**
 * Does the work unless it was done before under the same key; then answers with what it created.
 * Every method that changes something answers with an id it minted or with nothing, so the answer needs no storage.
 * @throws AlreadyExists when the key was used for another request
 */
export async function once<Response>(
  database: Database,
  request: RequestKey,
  work: () => Promise<Response>,
): Promise<Response | { readonly id: string }> {
  if (await tookEffect(database, request)) return { id: idUnderKey(request) };
  try {
    return await work();
  } catch (error) {
    // The same request sent twice at the same time: the other one won.
    if (error instanceof RepeatedRequest && (await tookEffect(database, request))) {
      return { id: idUnderKey(request) };
    }
    throw error;
  }
}

async function tookEffect(database: Database, request: RequestKey): Promise<boolean> {
  const fingerprint = await rememberedRequest(database, request);
  if (fingerprint === undefined) return false;
  if (fingerprint === request.fingerprint) return true;
  throw new AlreadyExists('the Idempotency-Key was used for another request; take a new one for this one');
}
