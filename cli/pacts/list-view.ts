import { columns } from '../terminal/table.ts';
import type { PactStanding } from './list.ts';

/** Who owes whom what, provider by provider, for people. */
export function standingTable(
  standings: readonly PactStanding[],
  { interactions, width }: { readonly interactions: boolean; readonly width?: number | undefined },
): string {
  const sorted = standings.toSorted((one, other) =>
    `${one.provider} ${one.consumer}` < `${other.provider} ${other.consumer}` ? -1 : 1,
  );
  const rows = sorted.map((each) => [
    each.provider,
    each.consumer,
    String(each.interactions.length),
    verdict(each),
  ]);
  const fit = { width, spare: ['INTERACTIONS'], wrap: 3 };
  const table = columns(rows, ['PROVIDER', 'OWES', 'INTERACTIONS', 'VERIFIED'], fit);
  const failures = sorted.flatMap((each) =>
    each.failures.map((failure) => `✖ ${each.provider} owes ${each.consumer} ${failure}`),
  );
  const details = interactions
    ? sorted.map((each) =>
        [`${each.provider} owes ${each.consumer}`, ...each.interactions.map((one) => `  ${one}`)].join('\n'),
      )
    : [];
  return [table, ...details, ...(failures.length > 0 ? [failures.join('\n')] : [])].join('\n\n');
}

function verdict({ verified, failures }: PactStanding): string {
  if (verified === undefined) return 'never, as it now stands';
  const when = verified.at === undefined ? '' : ` at ${verified.at.slice(0, 16).replace('T', ' ')}`;
  const what = verified.ok ? '' : `failed${failures.length > 0 ? ` (${failures.length})` : ''}, `;
  return `${what}with ${verified.version.slice(0, 10)}${when}`;
}
