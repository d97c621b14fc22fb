import type { Clock } from './clock.ts';

/** What a run needs of the program around it. */
export interface World {
  readonly clock: Clock;
  /** Takes what a client says. */
  readonly say: (client: number, text: string) => void;
  /** Takes what the program says. */
  readonly tell: (text: string) => void;
  /** Whether a line of progress every now and then is welcome. */
  readonly progress: boolean;
  /** Makes the `authorization` of a call; absent where the mall asks for none. */
  readonly authorization?: (() => Promise<string>) | undefined;
  /** Ends the shopping: pauses and calls at once, then open orders are waited for. */
  readonly stop: AbortSignal;
  /** Ends that wait too. */
  readonly abandon: AbortSignal;
}
