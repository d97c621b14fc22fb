import { isDeepStrictEqual } from 'node:util';
import { reason } from '../../containers/embedded/index.ts';
import type { ContextName } from '../../proto/contexts.ts';
import { eventSourced } from '../../services/mall.ts';
import type { Check, Sources } from './check.ts';
import type { Findings, Rule } from './findings.ts';
import { byStream, type EventRow, type Replay, replayOf } from './replay.ts';
import type { Snapshot } from './snapshot.ts';

const snapshotsFresh: Rule = {
  id: 'snapshots-fresh',
  title: 'snapshots equal their events',
  promise: 'Each snapshot is the fold of its events up to its version.',
  whenQuiet: false,
};

interface KindOfSnapshot {
  readonly context: ContextName;
  readonly replay: Replay<unknown>;
}

const kinds: readonly KindOfSnapshot[] = [
  { context: 'baskets', replay: replayOf(eventSourced.basket) },
  { context: 'ordering', replay: replayOf(eventSourced.order) },
  { context: 'stores', replay: replayOf(eventSourced.product) },
  { context: 'stores', replay: replayOf(eventSourced.store) },
];

interface Row extends EventRow {
  version: number;
  snapshot: unknown;
}

/** Snapshots of an older generation than today's are passed over, as the event store does. */
export const snapshotCheck: Check = {
  rules: [snapshotsFresh],
  async run(sources, findings) {
    for (const kind of kinds) await checkKind(kind, sources, findings);
  },
};

async function checkKind({ context, replay }: KindOfSnapshot, { snapshots }: Sources, findings: Findings) {
  const snapshot = snapshots.of(context);
  const values = [replay.streamName, replay.snapshotName];
  const { old } = await snapshot.row<{ old: number }>(
    `SELECT count(*) AS old FROM ${context}.snapshots WHERE stream_name = $1 AND snapshot_name <> $2`,
    values,
  );
  findings.skipped(snapshotsFresh, old);
  const pages = snapshot.pages<Row>(
    `SELECT s.stream_id, s.stream_version AS version, s.snapshot_data AS snapshot,
            e.stream_version, e.event_name, e.event_data
     FROM ${context}.snapshots s JOIN ${context}.events e
       ON e.stream_id = s.stream_id AND e.stream_name = s.stream_name AND e.stream_version <= s.stream_version
     WHERE s.stream_name = $1 AND s.snapshot_name = $2 ORDER BY s.stream_id, e.stream_version`,
    values,
  );
  for await (const streams of byStream(pages)) {
    findings.checked(snapshotsFresh, streams.length);
    for (const [id, rows] of streams) {
      const complaint = complaintAbout(replay, rows);
      if (complaint !== undefined) findings.found(snapshotsFresh, [id], `${replay.streamName}: ${complaint}`);
    }
  }
  await findRootless(context, values, snapshot, findings);
}

function complaintAbout(replay: Replay<unknown>, rows: readonly Row[]): string | undefined {
  const [row] = rows;
  if (row === undefined) return undefined;
  try {
    if (rows.at(-1)?.stream_version !== row.version) return `it has no event of its version ${row.version}`;
    const expected = replay.documentOf(rows);
    if (isDeepStrictEqual(replay.normalised(row.snapshot), expected)) return undefined;
    return `the snapshot at version ${row.version} differs from the fold of its events`;
  } catch (error) {
    return `the snapshot at version ${row.version} cannot be compared: ${reason(error)}`;
  }
}

async function findRootless(
  context: string,
  values: readonly string[],
  snapshot: Snapshot,
  findings: Findings,
): Promise<void> {
  const rootless = await snapshot.rows<{ stream_id: string }>(
    `SELECT stream_id FROM ${context}.snapshots s WHERE stream_name = $1 AND snapshot_name = $2
       AND NOT EXISTS (SELECT 1 FROM ${context}.events e
                       WHERE e.stream_id = s.stream_id AND e.stream_name = s.stream_name)`,
    values,
  );
  for (const { stream_id: id } of rootless) findings.found(snapshotsFresh, [id], 'a snapshot without events');
}
