import { readFileSync, unlinkSync, watchFile } from 'node:fs';

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
/**
 * A file that holds the same and may be written while the process runs. Who dies by it takes it away in that moment:
 * nobody dies by it again, and a process that is started anew goes on.
 */
export const CRASH_FILE_VARIABLE = 'MALL_CRASH_FILE';

/** The file is looked at this often. */
const lookEveryMs = 50;

interface Armed {
  readonly point: string;
  readonly context: string;
  readonly file: string | undefined;
  hitsLeft: number;
}

let armed = arm(process.env[CRASH_VARIABLE], undefined);
follow(process.env[CRASH_FILE_VARIABLE]);

/**
 * Dies here, hard and at once, when this point is armed for this context; does nothing otherwise.
 * @param context the context, or `process` for what is no context's
 */
export function crashPoint(point: CrashPoint, context: string): void {
  if (armed === undefined || armed.point !== point || armed.context !== context) return;
  armed.hitsLeft--;
  if (armed.hitsLeft > 0) return;
  const { file } = armed;
  armed = undefined;
  if (file === undefined || takenAway(file)) process.kill(process.pid, 'SIGKILL');
}

/** Whether this process is to die, or may be told to, in words for the log. @throws TypeError for what names no point */
export function armedCrash(
  setting = process.env[CRASH_VARIABLE],
  file = process.env[CRASH_FILE_VARIABLE],
): string | undefined {
  if (setting === undefined || setting === '') return file;
  const parsed = arm(setting, undefined);
  if (parsed && Object.hasOwn(crashPoints, parsed.point) && parsed.hitsLeft > 0) return setting;
  const known = Object.keys(crashPoints).join(', ');
  throw new TypeError(`${CRASH_VARIABLE}=${setting} is no <point>@<context>#<hit>; points: ${known}`);
}

function arm(setting: string | undefined, file: string | undefined): Armed | undefined {
  const [, point, context, hit] = /^([^@]+)@([^#]+)#(\d+)$/.exec(setting ?? '') ?? [];
  if (point === undefined || context === undefined) return undefined;
  return { point, context, file, hitsLeft: Number(hit) };
}

/** Arms this process anew whenever the file is another. */
function follow(file: string | undefined): void {
  if (file === undefined || file === '') return;
  const look = (): void => {
    armed = arm(contentOf(file), file);
  };
  look();
  watchFile(file, { interval: lookEveryMs, persistent: false }, look);
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Answers whether the file was still there: only one process dies by it. */
function takenAway(file: string): boolean {
  try {
    unlinkSync(file);
    return true;
  } catch {
    return false;
  }
}
