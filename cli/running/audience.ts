import { z } from 'zod';
import { reason } from '../../containers/embedded/index.ts';
import type { MallState } from '../malls/state.ts';
import { exitCodeOf, nextOf } from '../terminal/error-report.ts';
import { Narrator } from '../terminal/narrator.ts';
import type { Output } from '../terminal/output.ts';
import { takenPort } from './doors.ts';
import { readyScreen } from './screen.ts';

/** Who follows a mall's start and stop: the reader of a terminal, or the process that has detached it. */
export interface Audience {
  /** A step begins; the one before is done. */
  step(text: string): void;
  note(text: string): void;
  /** How far the step at work has come; the next one takes its place. */
  progress(text: string): void;
  /** The last step is done. */
  done(): void;
  /** The last step will not be done: the reader has called the start off. */
  calledOff(): void;
  ready(state: MallState): void;
  failed(error: unknown): void;
}

/** What a detached mall tells the process that waits for it. */
export const reportShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), text: z.string() }),
  z.object({ kind: z.literal('note'), text: z.string() }),
  z.object({ kind: z.literal('progress'), text: z.string() }),
  z.object({ kind: z.literal('ready') }),
  z.object({
    kind: z.literal('failed'),
    message: z.string(),
    cause: z.string().optional(),
    next: z.string().optional(),
    exitCode: z.number(),
    /** The port that somebody else listens on, if that is why. */
    takenPort: z.number().optional(),
  }),
]);
export type Report = z.output<typeof reportShape>;

/** Tells it to the reader: steps on standard error, the screen (or document) on standard output. */
export function terminalAudience(options: { output: Output; log: string; detached: boolean }): Audience {
  const narrator = new Narrator(options.output);
  return {
    step: (text) => narrator.step(text),
    note: (text) => narrator.note(text),
    progress: (text) => narrator.progress(text),
    done: () => narrator.done(),
    calledOff: () => narrator.failed(),
    failed: () => narrator.failed(),
    ready(state) {
      narrator.done();
      if (options.output.json) options.output.document('mall.up/1', { ...state, log: options.log });
      else options.output.result(readyScreen({ ...options, state }));
    },
  };
}

/** For servers that are started for something else, which tells about itself. */
export function silentAudience({ progress }: Pick<Audience, 'progress'>): Audience {
  const silent = () => undefined;
  return {
    progress,
    ...{ step: silent, note: silent, done: silent, calledOff: silent, failed: silent, ready: silent },
  };
}

/** Tells it to the parent process, which goes its own way once the mall is ready. */
export function parentAudience(): Audience {
  return {
    step: (text) => tellParent({ kind: 'step', text }),
    note: (text) => tellParent({ kind: 'note', text }),
    progress: (text) => tellParent({ kind: 'progress', text }),
    done: () => undefined,
    calledOff: () => undefined,
    ready() {
      tellParent({ kind: 'ready' });
      if (process.connected) process.disconnect();
    },
    failed: (error) => tellParent(failureReport(error)),
  };
}

/** Tells the process that has started this one, if it listens. */
export function tellParent(report: Report): void {
  if (process.connected) process.send?.(report, () => undefined);
}

export function failureReport(error: unknown): Report {
  const cause = error instanceof Error && error.cause !== undefined ? reason(error.cause) : undefined;
  const next = nextOf(error);
  return {
    kind: 'failed',
    message: reason(error),
    cause,
    next,
    exitCode: exitCodeOf(error),
    takenPort: takenPort(error),
  };
}
