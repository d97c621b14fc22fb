import type { DatabaseLayout } from '../malls/context-databases.ts';
import type { Check } from './check.ts';
import { checkoutCheck } from './checkout-check.ts';
import { copyCheck } from './copy-check.ts';
import { eventCheck } from './event-check.ts';
import { Findings, type RuleOutcome } from './findings.ts';
import { notificationCheck } from './notification-check.ts';
import { orderCheck } from './order-check.ts';
import { orphanCheck } from './orphan-check.ts';
import { deadLettersCheck, eventsToldCheck, orderKeptCheck, outboxCheck } from './outbox-checks.ts';
import { readModelCheck } from './read-model-check.ts';
import { sagaWalkCheck } from './saga-walk-check.ts';
import { snapshotCheck } from './snapshot-check.ts';
import { Snapshots } from './snapshots.ts';
import { Stream } from './stream.ts';
import { streamCheck } from './stream-check.ts';
import { sumsCheck } from './sums-check.ts';

/** All checks. Those that tell what still moves come first: later ones excuse what hangs on it. */
export const checks: readonly Check[] = [
  outboxCheck,
  eventsToldCheck,
  streamCheck,
  orderKeptCheck,
  deadLettersCheck,
  eventCheck,
  snapshotCheck,
  readModelCheck,
  copyCheck,
  orderCheck,
  sagaWalkCheck,
  checkoutCheck,
  notificationCheck,
  orphanCheck,
  sumsCheck,
];

export const rules = checks.flatMap((check) => check.rules);

export interface AuditOptions extends DatabaseLayout {
  readonly natsUrl: string;
  readonly natsStream: string;
  readonly allowDeadLetters: boolean;
  /** Told each check as it begins. */
  readonly progress?: (title: string) => void;
}

export interface AuditResult {
  readonly outcomes: readonly RuleOutcome[];
  readonly violations: number;
  /** Ids of messages, aggregates and sagas that were on their way. */
  readonly moving: number;
}

/**
 * Proves every rule, or says where it is broken. Reads only. The consumers' positions are taken before the
 * databases' state and the stream's end after it: whatever is between them is on its way, and nothing else.
 * @throws the driver's or the client's error when database or broker cannot be read
 */
export async function audit(options: AuditOptions): Promise<AuditResult> {
  const stream = await Stream.open(options.natsUrl, options.natsStream);
  try {
    const snapshots = await Snapshots.open(options);
    try {
      const consumers = await stream.consumers();
      // In one database whatever a message has done is seen as a whole or not at all.
      const frozenFrom = snapshots.apart ? (await stream.bounds()).last : Number.POSITIVE_INFINITY;
      await snapshots.freeze();
      const findings = new Findings(rules);
      const { allowDeadLetters } = options;
      const sources = { snapshots, stream, consumers, frozenFrom, allowDeadLetters };
      for (const check of checks) {
        options.progress?.(check.rules.map(({ title }) => title).join(', '));
        await check.run(sources, findings);
      }
      return resultOf(findings);
    } finally {
      await snapshots.close();
    }
  } finally {
    await stream.close();
  }
}

function resultOf(findings: Findings): AuditResult {
  const outcomes = findings.outcomes();
  const violations = outcomes.reduce((sum, outcome) => sum + outcome.violations, 0);
  return { outcomes, violations, moving: findings.moving };
}
