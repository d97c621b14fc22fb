/** Which traces are recorded: none, a share of them, or so many that begin in a second at most. */
export type TraceSampling = 'off' | { readonly share: number } | { readonly perSecond: number };

const MAX_PER_SECOND = 10_000;

/** Reads `off`, `all`, a share such as `0.1`, or a rate such as `20/s`; undefined for anything else. */
export function parseSampling(text: string): TraceSampling | undefined {
  if (text === 'off') return 'off';
  if (text === 'all') return { share: 1 };
  const [, number, unit] = /^(\d{1,5}(?:\.\d+)?)(\/s)?$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  const amount = Number(number);
  if (amount === 0) return 'off';
  if (unit === undefined) return amount <= 1 ? { share: amount } : undefined;
  return amount <= MAX_PER_SECOND ? { perSecond: amount } : undefined;
}
