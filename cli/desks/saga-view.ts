import type { SagaStatus } from '../../services/mall.ts';
import { formatDuration } from '../terminal/duration.ts';
import { columns } from '../terminal/table.ts';
import type { StoryLine } from './saga-story.ts';

/** A saga as it is listed. */
export interface SagaLine {
  readonly orderId: string;
  readonly status: SagaStatus;
  /** The step whose command is outstanding, or was last. */
  readonly step: string;
  /** The outstanding command; null when none is. */
  readonly command: string | null;
  readonly attempts: number;
  readonly reason: string;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly deadlineAt: Date | null;
}

/** What a saga waits for. */
export interface Waiting {
  readonly step: string;
  readonly command: string | null;
  readonly since: Date | null;
  readonly attempts: number;
  /** When the command is sent again, or given up. */
  readonly deadlineAt: Date | null;
  /** When the latest sending reached the broker; null: not yet, or too long ago to be known. */
  readonly publishedAt: Date | null;
  readonly publishError: string | null;
}

export interface SagaPage extends SagaLine {
  readonly waiting: Waiting | null;
  /** The stored data, with the ids of shopping list and payment. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly story: readonly StoryLine[];
}

/** @param width how many characters a line holds, where it is shown on a terminal */
export function sagaTable(lines: readonly SagaLine[], now: Date, width?: number): string {
  const rows = lines.map((line) => [
    line.orderId,
    line.status,
    line.step,
    line.command ?? '-',
    String(line.attempts),
    ago(line.startedAt, now),
    ago(line.updatedAt, now),
    line.reason,
  ]);
  const head = ['ORDER', 'STATUS', 'STEP', 'WAITS FOR', 'ATTEMPTS', 'BEGAN', 'MOVED', 'REASON'];
  const unsaid = lines.every(({ reason }) => reason === '') ? ['REASON'] : [];
  const spare = [...unsaid, 'BEGAN', 'ATTEMPTS', 'WAITS FOR', 'MOVED', 'STEP'];
  return columns(rows, head, { width, spare, wrap: head.indexOf('REASON') });
}

/** A saga in full: how it stands, what it knows, and its story with the time since it began. */
export function sagaText(page: SagaPage, now: Date): string {
  const facts = [
    ['order', page.orderId],
    ['status', page.reason === '' ? page.status : `${page.status}: ${page.reason}`],
    ['began', page.startedAt.toISOString()],
    ...waitingFacts(page.waiting, now),
    ...Object.entries(page.data)
      .filter(([, value]) => typeof value !== 'object' && value !== '')
      .map(([key, value]) => [key, String(value)]),
  ];
  const story = page.story.map((line) => [
    `+${((line.at.getTime() - page.startedAt.getTime()) / 1000).toFixed(3)} s`,
    marks[line.kind],
    line.step,
    line.text,
  ]);
  return `${columns(facts)}\n\n${columns(story)}`;
}

/** How each kind of line begins: what goes out, what comes in, what is undone. */
const marks: Readonly<Record<StoryLine['kind'], string>> = {
  begin: 'begins',
  command: 'sends   →',
  compensation: 'undoes  →',
  reply: 'answer  ←',
  deadline: 'late',
  note: 'note',
  end: 'ends',
};

function waitingFacts(waiting: Waiting | null, now: Date): string[][] {
  if (waiting === null) return [];
  const { command, step, since, attempts, deadlineAt, publishedAt, publishError } = waiting;
  const sent = publishedAt === null ? 'not known to be published' : `published ${publishedAt.toISOString()}`;
  return [
    ['waits for', `the answer to ${command ?? 'its command'} (${step})`],
    ['since', since === null ? '-' : `${since.toISOString()}, ${ago(since, now)}`],
    ['attempt', `${attempts}, ${sent}${publishError === null ? '' : `: ${publishError}`}`],
    ['again at', deadlineAt?.toISOString() ?? '-'],
  ];
}

function ago(at: Date, now: Date): string {
  return `${formatDuration(Math.max(0, now.getTime() - at.getTime()))} ago`;
}
