import { formatDuration } from '../terminal/duration.ts';
import { columns } from '../terminal/table.ts';
import type { LetterLine } from './dead-letters.ts';
import type { LetterContent } from './letter-content.ts';
import type { RetriedLetters } from './retry-letters.ts';

/** Longer reasons are cut in tables; `show` has all of it. */
const reasonColumns = 60;

/** Dead letters as a table, for a terminal of some width. */
export function letterTable(lines: readonly LetterLine[], now: Date, width?: number): string {
  const rows = lines.map((line) => [
    line.id,
    line.consumer,
    line.name === '' ? '(undecodable)' : line.name,
    String(line.attempts),
    `${formatDuration(now.getTime() - line.parkedAt.getTime())} ago`,
    line.droppedAt === null ? short(line.reason) : `dropped: ${short(line.droppedReason ?? '')}`,
  ]);
  const head = ['ID', 'CONSUMER', 'MESSAGE', 'ATTEMPTS', 'PARKED', 'REASON'];
  return columns(rows, head, { width, spare: ['ATTEMPTS', 'PARKED', 'CONSUMER'], wrap: 5 });
}

/** A dead letter in full. */
export function letterPage(line: LetterLine, content: LetterContent): string {
  const facts: (readonly [string, string | undefined])[] = [
    ['id', line.id],
    ['consumer', line.consumer],
    ['reason', line.reason],
    ['attempts', String(line.attempts)],
    ['parked', line.parkedAt.toISOString()],
    [
      'dropped',
      line.droppedAt === null ? undefined : `${line.droppedAt.toISOString()}: ${line.droppedReason}`,
    ],
    ['subject', `${line.subject}, sequence ${line.streamSequence}`],
    ['message', line.name === '' ? undefined : `${line.name} ${line.messageId}`],
    ['sent', content.sentAt?.toISOString()],
    ['occurred', content.occurredAt?.toISOString()],
    ...Object.entries(content.headers).map(([key, value]) => [`header ${key}`, value] as const),
  ];
  const told = facts.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  return `${columns(told)}\n\n${payloadText(content)}`;
}

/** For the JSON documents: payload as JSON, or as hex where it cannot be read. */
export function payloadDocument({ type, payload, bytes }: LetterContent): Readonly<Record<string, unknown>> {
  if (payload !== undefined) return { type: type ?? null, payload };
  return { type: type ?? null, payload: null, hex: Buffer.from(bytes).toString('hex') };
}

/** What became of letters that were tried again. */
export function retriedText({ retried, heldBack }: RetriedLetters, width?: number): string {
  const done = retried.map((letter) => {
    const more = letter.outcome === 'parked again' ? ` as ${letter.as}: ${letter.reason}` : '';
    return [letter.id, letter.consumer, `${letter.outcome}${more}`];
  });
  const left = heldBack.map(({ id, takenBy }) => [
    id,
    'held back',
    `${takenBy.join(', ')} would take it too; --force sends it all the same`,
  ]);
  return columns([...done, ...left], ['ID', 'CONSUMER', 'OUTCOME'], { width, wrap: 2 });
}

function payloadText({ envelope, type, payload, bytes }: LetterContent): string {
  if (payload !== undefined) return `payload ${type ?? ''}\n${JSON.stringify(payload, null, 2)}`;
  const what = envelope === undefined ? 'no envelope' : `no ${type ?? 'message of the catalogue'}`;
  return `${bytes.length} bytes, ${what}\n${Buffer.from(bytes).toString('hex')}`;
}

function short(reason: string): string {
  const line = reason.split('\n')[0] ?? '';
  return line.length > reasonColumns ? `${line.slice(0, reasonColumns - 1)}…` : line;
}
