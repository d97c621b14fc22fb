import { setTimeout as pause } from 'node:timers/promises';

/** What a look has seen: what was waited for, something else, or what can never become it. */
export type Seen<T> = { readonly got: T } | { readonly saw: string; readonly hopeless?: boolean };

export interface Wait<T> {
  /** Reads on from "waited 5 s for": `order 12 to be approved`. */
  readonly what: string;
  readonly withinMs: number;
  readonly look: () => Promise<Seen<T>>;
  /** Why it may be late, for whoever reads the failure; asked once, when time is up. */
  readonly explain?: () => Promise<string>;
}

const firstPauseMs = 10;
const longestPauseMs = 150;
/** An explanation comes from the parts that may be at fault: it must not hang where they do. */
const explanationMs = 3_000;

/**
 * Looks until it sees what it waits for.
 * @throws Error that tells what was waited for, how long, what was there instead, and why that may be
 */
export async function until<T>({ what, withinMs, look, explain }: Wait<T>): Promise<T> {
  const began = performance.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const seen = await look();
    if ('got' in seen) return seen.got;
    const waitedMs = performance.now() - began;
    if (waitedMs >= withinMs || seen.hopeless === true) {
      throw new Error(
        [waited(waitedMs, what), seen.saw, await explained(explain)].filter(Boolean).join('; '),
      );
    }
    await pause(Math.min(pauseMs, Math.max(withinMs - waitedMs, 1)));
  }
}

function waited(ms: number, what: string): string {
  return `waited ${(ms / 1000).toFixed(1)} s for ${what}`;
}

async function explained(explain: (() => Promise<string>) | undefined): Promise<string> {
  if (explain === undefined) return '';
  const late = pause(explanationMs, 'the explanation took too long', { ref: false });
  try {
    return await Promise.race([explain(), late]);
  } catch (error) {
    return `no explanation: ${error instanceof Error ? error.message : String(error)}`;
  }
}
