import type { Check } from './check.ts';
import type { Rule } from './findings.ts';

const contiguous: Rule = {
  id: 'versions-contiguous',
  title: 'stream versions contiguous',
  promise: 'Each stream of events has the versions 1, 2, 3 and so on, under one name.',
  whenQuiet: false,
};

/** Contexts that keep events. */
const contexts = ['baskets', 'ordering', 'stores'] as const;

interface GapRow {
  id: string;
  names: string;
  events: number;
  first: number;
  last: number;
}

/** Versions are unique by the table's key, so that counting them finds each gap. */
export const eventCheck: Check = {
  rules: [contiguous],
  async run({ snapshots }, findings) {
    for (const context of contexts) {
      const snapshot = snapshots.of(context);
      const streams = `SELECT stream_id AS id, string_agg(DISTINCT stream_name, ', ') AS names,
                              count(*) AS events, min(stream_version) AS first, max(stream_version) AS last
                       FROM ${context}.events GROUP BY stream_id`;
      const { count } = await snapshot.row<{ count: number }>(
        `SELECT count(DISTINCT stream_id) AS count FROM ${context}.events`,
      );
      findings.checked(contiguous, count);
      const wrong = snapshot.pages<GapRow>(
        `${streams} HAVING min(stream_version) <> 1 OR max(stream_version) <> count(*)
                        OR count(DISTINCT stream_name) > 1`,
      );
      for await (const page of wrong) {
        for (const row of page) findings.found(contiguous, [row.id], sentence(row));
      }
    }
  },
};

function sentence({ names, events, first, last }: GapRow): string {
  if (names.includes(', ')) return `the id is used by several streams: ${names}`;
  return `${names}: ${events} events have the versions ${first} to ${last}`;
}
