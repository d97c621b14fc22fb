import { reason } from '../../containers/embedded/index.ts';
import type { Decider, StreamCodec } from '../../services/mall.ts';

/** An event as it lies in its table. */
export interface EventRow {
  stream_id: string;
  stream_version: number;
  event_name: string;
  event_data: unknown;
}

/** A stream folded from its first event, or why it could not be. */
export type Folded<State> =
  | { readonly id: string; readonly version: number; readonly state: State }
  | { readonly id: string; readonly unreadable: string };

/** One kind of stream, as the audit needs it. */
export interface Replay<State> {
  readonly streamName: string;
  readonly snapshotName: string;
  fold(id: string, events: readonly EventRow[]): Folded<State>;
  /** The document that a snapshot of these events must be. */
  documentOf(events: readonly EventRow[]): unknown;
  /** A stored snapshot, read and written again: what the document leaves out gets its default. */
  normalised(snapshot: unknown): unknown;
}

/** Folds with the mall's own rules and reads with its own codecs, so that only what is stored is judged. */
export function replayOf<State, Command, Event>(aggregate: {
  readonly decider: Decider<State, Command, Event>;
  readonly codec: StreamCodec<State, Event>;
}): Replay<State> {
  const { decider, codec } = aggregate;
  const stateOf = (events: readonly EventRow[]): State =>
    events.reduce(
      (state, { event_name, event_data }) => decider.evolve(state, codec.decodeEvent(event_name, event_data)),
      decider.initial,
    );
  return {
    streamName: codec.streamName,
    snapshotName: codec.snapshotName,
    fold: (id, events) => {
      try {
        return { id, version: events.at(-1)?.stream_version ?? 0, state: stateOf(events) };
      } catch (error) {
        return { id, unreadable: reason(error) };
      }
    },
    documentOf: (events) => codec.encodeState(stateOf(events)),
    normalised: (snapshot) => codec.encodeState(codec.decodeState(snapshot)),
  };
}

/** Gathers rows of one stream that come one after the other; the last one of a page may go on in the next. */
export async function* byStream<Row extends { stream_id: string }>(
  pages: AsyncIterable<Row[]>,
): AsyncGenerator<[string, Row[]][], void> {
  let open: [string, Row[]] | undefined;
  for await (const page of pages) {
    const complete: [string, Row[]][] = [];
    for (const row of page) {
      if (open?.[0] === row.stream_id) {
        open[1].push(row);
        continue;
      }
      if (open) complete.push(open);
      open = [row.stream_id, [row]];
    }
    yield complete;
  }
  if (open) yield [open];
}
