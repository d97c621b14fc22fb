/** Bounds of the live feed. */
export const feedLimits = {
  /** Each is an open connection; a page is for people, not for programs. */
  maxReaders: 32,
  /** Changes are gathered this long, so that a busy mall is a few messages a second for each reader. */
  gatherMs: 200,
  /** Of what is gathered at most so many are sent, the newest; the rest is only counted. */
  maxChanges: 50,
  /** Keeps proxies from ending a quiet connection, and notices readers that are gone. */
  heartbeatMs: 15_000,
  /** A reader who falls this far behind is let go; the browser comes back. */
  maxBehindBytes: 256 * 1024,
  /** How long a browser waits before it comes back. */
  retryMs: 3_000,
  /** The broker is listened to for so long after the last reader has gone. */
  lingerMs: 5_000,
} as const;

export type FeedLimits = { readonly [Name in keyof typeof feedLimits]: number };
