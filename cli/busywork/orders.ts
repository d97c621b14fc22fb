import { type Clock, Stopped } from './clock.ts';
import { CallFailed } from './failures.ts';
import { createLatency, type Percentiles } from './latency.ts';
import { createLimiter } from './limiter.ts';
import { add, formatMoney, type Money, NOTHING } from './money.ts';

/** Looks at one order grow rarer: from every 25 ms to every second, by half as much again each time. */
const FIRST_LOOK_MS = 25;
const LAST_LOOK_MS = 1_000;
const LOOK_GROWTH = 1.5;

/** How many looks may be under way, whatever the number of open orders. */
export const MAX_LOOKS = 16;

/** What a status says about the way from checkout to approval. Any other: nothing yet. */
const ENDS: ReadonlyMap<string | null, OrderEnd> = new Map([
  ['approved', 'approved'],
  ['in-progress', 'approved'],
  ['ready', 'approved'],
  ['completed', 'approved'],
  ['rejected', 'rejected'],
  ['cancelled', 'cancelled'],
]);

/** How the way from checkout to approval can end. */
export type OrderEnd = 'approved' | 'rejected' | 'cancelled';

/** The status by which an order shows that it exists, though nothing is decided yet. */
const PENDING = 'pending';

export interface CheckedOut {
  /** The basket's id is the order's. */
  readonly orderId: string;
  readonly total: Money;
  /** On the monotonic clock, the moment before the checkout was sent. */
  readonly sentAt: number;
  /** False when the checkout had no clear answer: the order may exist or not. */
  readonly confirmed: boolean;
}

export interface OrderReport {
  /** Orders known to exist: the checkout was answered, or the order was seen. */
  readonly placed: number;
  readonly approved: number;
  readonly rejected: number;
  readonly cancelled: number;
  readonly open: number;
  /** Checkouts without a clear answer whose order was never seen. Not among the placed. */
  readonly unconfirmed: number;
  /** Money of the placed orders, with two decimals. */
  readonly checkedOut: string;
  /** From sending the checkout to seeing the order approved. */
  readonly checkoutToApprovedMs: Percentiles | null;
  /** How much of the worst single figure may be due to looking only now and then. */
  readonly seenLateAtMostMs: number | null;
}

export interface OrderFollower {
  /** Watches an order in the background until it is decided or `signal` aborts. */
  follow(order: CheckedOut): void;
  /** How many are still watched. */
  watched(): number;
  /** Resolves once no order is watched any more. */
  settled(): Promise<void>;
  report(): OrderReport;
}

export interface FollowerOptions {
  readonly status: (orderId: string) => Promise<string>;
  readonly clock: Clock;
  /** Ends all watching; orders not decided by then stay open. */
  readonly signal: AbortSignal;
  /** Told of each decided order and how long after its checkout that was seen. */
  readonly decided?: (end: OrderEnd, ms: number) => void;
}

export function createFollower(options: FollowerOptions): OrderFollower {
  const ledger = createLedger();
  const limited = createLimiter(MAX_LOOKS);
  const look = (orderId: string) => limited(() => lookAt(orderId, options));
  const watching = new Set<Promise<void>>();
  return {
    follow: (order) => {
      const watch = watchOrder({ order, look, ledger, options }).finally(() => watching.delete(watch));
      watching.add(watch);
    },
    watched: () => watching.size,
    settled: async () => {
      while (watching.size > 0) await Promise.all(watching);
    },
    report: ledger.report,
  };
}

interface Look {
  readonly startedAt: number;
  readonly endedAt: number;
  /** Blank for an order not made yet; null for a look that failed and tells nothing. */
  readonly status: string | null;
}

/**
 * After a failed look the order is looked at again, as after any other. That it failed is counted with the
 * calls.
 */
async function lookAt(orderId: string, { status, clock }: FollowerOptions): Promise<Look> {
  const startedAt = clock.elapsed();
  try {
    return { startedAt, status: await status(orderId), endedAt: clock.elapsed() };
  } catch (error) {
    if (error instanceof CallFailed) return { startedAt, status: null, endedAt: clock.elapsed() };
    throw error;
  }
}

interface Watch {
  readonly order: CheckedOut;
  readonly look: (orderId: string) => Promise<Look>;
  readonly ledger: Ledger;
  readonly options: FollowerOptions;
}

async function watchOrder({ order, look, ledger, options }: Watch): Promise<void> {
  const entry = ledger.open(order);
  let undecidedAt = order.sentAt;
  try {
    for (let wait = FIRST_LOOK_MS; ; wait = Math.min(LAST_LOOK_MS, wait * LOOK_GROWTH)) {
      await options.clock.pause(wait, options.signal);
      const seen = await look(order.orderId);
      const end = ENDS.get(seen.status);
      if (end || seen.status === PENDING) entry.exists();
      if (end) {
        const ms = seen.endedAt - order.sentAt;
        entry.decided({ end, ms, lateMs: seen.endedAt - undecidedAt });
        options.decided?.(end, ms);
        return;
      }
      if (seen.status !== null) undecidedAt = seen.startedAt;
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
}

type Ledger = ReturnType<typeof createLedger>;
type Decision = { end: OrderEnd; ms: number; lateMs: number };

/** Counts orders; the only place that knows which of them are known to exist. */
function createLedger() {
  const counts = { placed: 0, approved: 0, rejected: 0, cancelled: 0, open: 0, unconfirmed: 0 };
  const latency = createLatency();
  let checkedOut: Money = NOTHING;
  let lateMs: number | null = null;
  const place = (total: Money) => {
    counts.placed += 1;
    counts.open += 1;
    checkedOut = add(checkedOut, total);
  };
  return {
    open: (order: CheckedOut) => {
      let confirmed = order.confirmed;
      if (confirmed) place(order.total);
      else counts.unconfirmed += 1;
      return {
        exists: () => {
          if (confirmed) return;
          confirmed = true;
          counts.unconfirmed -= 1;
          place(order.total);
        },
        decided: (decision: Decision) => {
          counts.open -= 1;
          counts[decision.end] += 1;
          if (decision.end !== 'approved') return;
          latency.record(decision.ms);
          lateMs = Math.max(lateMs ?? 0, decision.lateMs);
        },
      };
    },
    report: (): OrderReport => ({
      ...counts,
      checkedOut: formatMoney(checkedOut),
      checkoutToApprovedMs: latency.percentiles(),
      seenLateAtMostMs: lateMs,
    }),
  };
}
