import type { Database } from './database.ts';
import { insertion, perSchema, type Write, write } from './write.ts';

/** A request under an `Idempotency-Key`: sent again with the same key it must not take effect again. */
export interface RequestKey {
  readonly key: string;
  readonly method: string;
  /** Digest of the request: the same key with another request is a mistake of the client. */
  readonly fingerprint: string;
}

const remember = perSchema((schema) =>
  insertion({
    table: `${schema}.idempotency_keys`,
    columns: { key: 'text', method: 'text', fingerprint: 'text' },
    key: ['key', 'method'],
    first: true,
  }),
);

/** Remembers a request in the commit of its effect; a second insert fails as RepeatedRequest and undoes the rest. */
export function rememberRequest(schema: string, { key, method, fingerprint }: RequestKey): Write {
  return write(remember(schema), { key, method, fingerprint });
}

/** Fingerprint of the request that took effect under this key and method; undefined if none did. */
export async function rememberedRequest(
  database: Database,
  { key, method }: RequestKey,
): Promise<string | undefined> {
  const row = await database.queryOne<{ fingerprint: string }>(
    `SELECT fingerprint FROM ${database.schema}.idempotency_keys WHERE key = $1 AND method = $2`,
    [key, method],
  );
  return row?.fingerprint;
}
