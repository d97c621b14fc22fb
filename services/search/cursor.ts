import { BadRequest } from '../kernel/domain/index.ts';
import { idField, pageToken } from '../kernel/rpc/index.ts';

/** Where a page of orders ended. */
export interface Position {
  /**
   * UTC with microseconds, as Postgres keeps it: a JavaScript date would cut it off and skip or repeat
   * orders.
   */
  readonly createdAt: string;
  readonly orderId: string;
}

const TIME = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** The opaque text that begins the page after a position. */
export function cursorAt({ createdAt, orderId }: Position): string {
  return pageToken([createdAt, orderId]);
}

/** Reads what {@link cursorAt} made. @throws BadRequest for anything else */
export function readCursor(text: string): Position {
  const [createdAt, orderId, ...rest] = stringsIn(text);
  if (createdAt === undefined || orderId === undefined || rest.length > 0 || !isTime(createdAt)) {
    throw new BadRequest('`next` is none of ours; leave it out for the first page');
  }
  return { createdAt, orderId: idField('the order id in `next`', orderId) };
}

function stringsIn(text: string): readonly string[] {
  try {
    const keys: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) return keys;
  } catch {
    // Falls through: whatever it is, it is no cursor.
  }
  return [];
}

/** Whether it is a moment of the calendar; Postgres would fail on the 31st of February. */
function isTime(text: string): boolean {
  const time = new Date(text);
  return TIME.test(text) && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 19));
}
