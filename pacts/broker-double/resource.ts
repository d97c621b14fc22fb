import type { BrokerStore, StoredPact } from './store.ts';

/** What a request is about. */
export interface Asked {
  readonly store: BrokerStore;
  /** The broker's own address, for links. */
  readonly base: string;
  /** What the pattern's names stand for in this path. */
  readonly parts: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Resource {
  readonly status?: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Route {
  readonly method: string;
  /** Parts in braces stand for anything. */
  readonly path: string;
  readonly answer: (asked: Asked) => Resource;
}

/** The double has no clock. */
export const anyDate = '2026-01-01T00:00:00+00:00';

export const missing: Resource = {
  status: 404,
  body: { error: 'The requested document was not found on this server.' },
};
export const at = (base: string, ...parts: readonly string[]) =>
  [base, ...parts.map(encodeURIComponent)].join('/');

export function pactHref(base: string, { consumer, provider, sha }: StoredPact): string {
  return at(`${base}/pacts/provider`, provider, 'consumer', consumer, 'pact-version', sha);
}
