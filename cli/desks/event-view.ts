import { columns } from '../terminal/table.ts';
import type { LoggedEvent } from './event-log.ts';
import type { StreamStory } from './stream-story.ts';

/** A stream in full: its events with what caused them, and the state they add up to. */
export function storyText({ streamName, streamId, version, events, state, unreadable }: StreamStory): string {
  const rows = events.map((event) => [
    String(event.version),
    event.occurredAt.toISOString(),
    `${event.name}\n${JSON.stringify(event.data)}\n${causes(event)}`,
  ]);
  const end = unreadable === null ? JSON.stringify(state, null, 2) : `cannot be read: ${unreadable}`;
  return `${streamName} ${streamId}\n\n${columns(rows)}\n\nstate at version ${version}\n${end}`;
}

/** An event in one line. */
export function eventLine({ occurredAt, streamName, streamId, version, name, data }: LoggedEvent): string {
  return `${occurredAt.toISOString()} ${streamName} ${streamId} ${version} ${name} ${JSON.stringify(data)}`;
}

function causes({ metadata }: LoggedEvent): string {
  const { causationId = '-', correlationId = '-', traceparent } = metadata;
  const trace = traceparent === undefined ? '' : `, trace ${traceparent}`;
  return `caused by ${causationId}, correlation ${correlationId}${trace}`;
}
