import { reason } from '../../containers/embedded/index.ts';
import { type Decider, eventSourced, type StreamCodec } from '../../services/mall.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { LoggedEvent } from './event-log.ts';

/** A stream up to some point, with what its events add up to there. */
export interface StreamStory {
  readonly context: string;
  readonly streamName: string;
  readonly streamId: string;
  /** Of the last event that is told. */
  readonly version: number;
  readonly events: readonly LoggedEvent[];
  /** The state as a snapshot would hold it; null when the events cannot be read. */
  readonly state: unknown;
  /** Why they cannot. */
  readonly unreadable: string | null;
}

/** A point in a stream's history: everything up to a version, or to a time. */
export type Point = (event: LoggedEvent) => boolean;

/** Reads `12` as a version and `2026-05-01T12:00:00Z` as a time. @throws CliError (2) */
export function parsePoint(text: string): Point {
  if (/^[1-9]\d{0,8}$/.test(text)) return ({ version }) => version <= Number(text);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return ({ occurredAt }) => occurredAt.getTime() <= time;
  throw new CliError(`--at cannot be "${text}": it must be a version or an ISO time.`, {
    exitCode: exitCodes.usage,
    next: '`mall events show <stream id> --at 3`, or `--at 2026-05-01T12:00:00Z`',
  });
}

/** Sorts events by stream and folds each stream's. */
export function storiesOf(events: readonly LoggedEvent[]): readonly StreamStory[] {
  const streams = Map.groupBy(events, ({ context, streamName }) => `${context} ${streamName}`);
  return [...streams.values()].flatMap((own) => {
    const last = own.at(-1);
    if (last === undefined) return [];
    const { context, streamName, streamId, version } = last;
    return [{ context, streamName, streamId, version, events: own, ...stateAfter(streamName, own) }];
  });
}

function stateAfter(
  streamName: string,
  events: readonly LoggedEvent[],
): Pick<StreamStory, 'state' | 'unreadable'> {
  const folded = folds.find((fold) => fold.streamName === streamName);
  if (folded === undefined) return { state: null, unreadable: `nobody here knows a ${streamName}` };
  try {
    return { state: folded.stateAfter(events), unreadable: null };
  } catch (error) {
    return { state: null, unreadable: reason(error) };
  }
}

interface Fold {
  readonly streamName: string;
  stateAfter(events: readonly LoggedEvent[]): unknown;
}

/** From the first event on, without snapshots: what is shown is what the events say. */
function foldOf<State, Command, Event>({
  decider,
  codec,
}: {
  readonly decider: Decider<State, Command, Event>;
  readonly codec: StreamCodec<State, Event>;
}): Fold {
  return {
    streamName: codec.streamName,
    stateAfter: (events) =>
      codec.encodeState(
        events.reduce(
          (state, { name, data }) => decider.evolve(state, codec.decodeEvent(name, data)),
          decider.initial,
        ),
      ),
  };
}

const folds: readonly Fold[] = [
  foldOf(eventSourced.basket),
  foldOf(eventSourced.order),
  foldOf(eventSourced.product),
  foldOf(eventSourced.store),
];
