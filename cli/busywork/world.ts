import type { Clock } from './clock.ts';

/** What a run needs of the program around it. */
export interface World {
  readonly clock: Clock;
  /** Takes what a client says. */
  readonly say: (client: number, text: string) => void;
  /** Takes what the program says. */
  readonly tell: (text: string) => void;
  /** How progress is shown: not at all, by a line every now and then, or by a table that is drawn anew. */
  readonly progress: 'none' | 'lines' | 'table';
  /** Draws the table in place of the one before. */
  readonly draw: (lines: (width: number) => readonly string[]) => void;
  /** Makes the `authorization` of a call; absent where the mall asks for none. */
  readonly authorization?: (() => Promise<string>) | undefined;
  /** Ends the shopping: pauses and calls at once, then open orders are waited for. */
  readonly stop: AbortSignal;
  /** Ends that wait too. */
  readonly abandon: AbortSignal;
}
