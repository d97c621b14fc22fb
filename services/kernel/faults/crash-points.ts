import { closeSync, openSync } from 'node:fs';

/** Whose code a point lies in: each context's that publishes or consumes, the saga's, or the process' own. */
export type CrashPointPlace = 'writers' | 'publishers' | 'consumers' | 'saga' | 'process';

export interface CrashPointFacts {
  readonly place: CrashPointPlace;
  /** What has been done there, and what has not. */
  readonly between: string;
}

/** Every place where this process can be made to die: between two things that must hold together all the same. */
export const crashPoints = {
  'commit.before': { place: 'writers', between: 'a use case has decided; nothing is committed' },
  'commit.after': { place: 'writers', between: 'it is committed; the relay is not woken' },
  'relay.after-publish': {
    place: 'publishers',
    between: 'the broker has a message; others of its batch follow',
  },
  'relay.before-mark': { place: 'publishers', between: 'the broker has the whole batch; no row says so' },
  'relay.after-mark': { place: 'publishers', between: 'the rows say so; that may not be on disk' },
  'consumer.after-effect': {
    place: 'consumers',
    between: 'the effect is committed; the handler has not returned',
  },
  'consumer.before-ack': {
    place: 'consumers',
    between: 'effect or duplicate; the broker is about to be told',
  },
  'consumer.after-ack': {
    place: 'consumers',
    between: 'the acknowledgement is written; it may not have been sent',
  },
  'saga.after-save': { place: 'saga', between: 'the saga has moved; its next command is in the outbox' },
  'stop.after-intake': { place: 'process', between: 'no message is taken any more; the doors are open' },
  'stop.before-flush': { place: 'process', between: 'the doors are closed; the outboxes are not emptied' },
  'stop.after-flush': { place: 'process', between: 'the outboxes are emptied; the broker is not let go' },
} as const satisfies Readonly<Record<string, CrashPointFacts>>;

export type CrashPoint = keyof typeof crashPoints;

/** Names a point, who is to die there, and at which hit: `relay.after-publish@ordering#3`. */
export const CRASH_VARIABLE = 'MALL_CRASH_AT';
/** A file that is made in the moment of the crash. While it is there nobody dies: a restarted process goes on. */
export const CRASH_MARK_VARIABLE = 'MALL_CRASH_MARK';

interface Armed {
  readonly point: string;
  readonly context: string;
  readonly mark: string | undefined;
  hitsLeft: number;
}

let armed = arm(process.env[CRASH_VARIABLE], process.env[CRASH_MARK_VARIABLE]);

/**
 * Dies here, hard and at once, when this point is armed for this context; does nothing otherwise.
 * @param context the context, or `process` for what is no context's
 */
export function crashPoint(point: CrashPoint, context: string): void {
  if (armed === undefined || armed.point !== point || armed.context !== context) return;
  armed.hitsLeft--;
  if (armed.hitsLeft > 0) return;
  const { mark } = armed;
  armed = undefined;
  if (mark === undefined || leaveMark(mark)) process.kill(process.pid, 'SIGKILL');
}

/** Whether this process is to die somewhere, in words for the log. @throws TypeError for what names no point */
export function armedCrash(setting = process.env[CRASH_VARIABLE]): string | undefined {
  if (setting === undefined || setting === '') return undefined;
  const parsed = arm(setting, undefined);
  if (parsed && Object.hasOwn(crashPoints, parsed.point) && parsed.hitsLeft > 0) return setting;
  const known = Object.keys(crashPoints).join(', ');
  throw new TypeError(`${CRASH_VARIABLE}=${setting} is no <point>@<context>#<hit>; points: ${known}`);
}

function arm(setting: string | undefined, mark: string | undefined): Armed | undefined {
  const [, point, context, hit] = /^([^@]+)@([^#]+)#(\d+)$/.exec(setting ?? '') ?? [];
  if (point === undefined || context === undefined) return undefined;
  return { point, context, mark, hitsLeft: Number(hit) };
}

/** Answers whether the mark was not there before. */
function leaveMark(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch {
    return false;
  }
}
