import { Conflict, DeadlineExceeded, MallError, Unavailable } from '../domain/index.ts';

/** SQLSTATE raised by `expect_rows` when a guarded write touched another number of rows. */
export const EXPECTATION_MISSED = 'MV001';

/** The message is in the inbox already: its effect has been committed before. Not a failure: acknowledge it. */
export class DuplicateMessage extends Error {
  constructor(options?: ErrorOptions) {
    super('the message has been handled before', options);
    this.name = 'DuplicateMessage';
  }
}

/** The request took effect before, or is taking effect at the same moment in another call. */
export class RepeatedRequest extends Error {
  constructor(options?: ErrorOptions) {
    super('the request took effect before', options);
    this.name = 'RepeatedRequest';
  }
}

/** The row is held by a transaction that does not end. */
const LOCKED = '55P03';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  '57P01', // the server is shutting down
  '57P02',
  '57P03', // the server is starting up
  '53300', // too many connections
]);

interface PostgresFailure extends Error {
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
}

/** What a violated unique constraint means to the context that declared it, by constraint name. */
export type ConstraintMeanings = Readonly<Record<string, () => MallError>>;

/**
 * Tells what a failed statement means: a conflict, a duplicate, an unreachable database. Anything else comes back
 * unchanged: it is a fault of ours and reaches no client (the doors answer INTERNAL and log it).
 */
export function explain(error: unknown, meanings: ConstraintMeanings): unknown {
  if (!(error instanceof Error) || error instanceof MallError) return error;
  const { code, constraint, table }: PostgresFailure = error;
  if (code === '23505') {
    if (table === 'inbox') return new DuplicateMessage({ cause: error });
    if (table === 'idempotency_keys') return new RepeatedRequest({ cause: error });
    if (table === 'events') return new Conflict('somebody changed it at the same time', { cause: error });
    return (constraint && meanings[constraint]?.()) || error;
  }
  if (code === EXPECTATION_MISSED || code === '40001' || code === '40P01') {
    return new Conflict('somebody changed it at the same time', { cause: error });
  }
  if (code === '57014' || code === LOCKED)
    return new DeadlineExceeded('the database took too long', { cause: error });
  if (code?.startsWith('08') || (code && UNREACHABLE.has(code)) || isLostConnection(error)) {
    return new Unavailable('the database cannot be reached', { cause: error });
  }
  return error;
}

/** Whether a statement was refused for what it says, on a session that is as good as before: repeats, races, locks. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = '' }: PostgresFailure = error;
  return /^(23|40)/.test(code) || code === EXPECTATION_MISSED || code === LOCKED;
}

/** The driver reports these without a code. */
function isLostConnection(error: Error): boolean {
  return /connection terminated|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|cannot use a pool after/i.test(
    error.message,
  );
}
