/** The closed set of error categories; every door maps them to its own codes in one table (kernel/rpc). */
export type ErrorCategory =
  | 'BAD_REQUEST'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'CONFLICT'
  | 'FAILED_PRECONDITION'
  | 'RESOURCE_EXHAUSTED'
  | 'UNIMPLEMENTED'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED'
  | 'INTERNAL';

/**
 * An error with a category the doors understand and a sentence for people.
 * Throw one of the named subclasses; catch this class to tell expected refusals from faults.
 */
export class MallError extends Error {
  readonly category: ErrorCategory;

  constructor(category: ErrorCategory, message: string, options?: ErrorOptions) {
    super(message, options);
    this.category = category;
    this.name = new.target.name;
  }

  /** The same error told in a wider context: `context: message`. Category and cause stay. */
  within(context: string): MallError {
    const wider = new MallError(this.category, `${context}: ${this.message}`, { cause: this });
    wider.name = this.name;
    return wider;
  }
}

/** The request breaks a rule of the domain or is malformed (INVALID_ARGUMENT, 400). */
export class BadRequest extends MallError {
  constructor(message: string, options?: ErrorOptions) {
    super('BAD_REQUEST', message, options);
  }
}

/** The caller has not shown who it is (UNAUTHENTICATED, 401). */
export class Unauthorized extends MallError {
  constructor(message: string, options?: ErrorOptions) {
    super('UNAUTHORIZED', message, options);
  }
}

/** The caller may not do this (PERMISSION_DENIED, 403). */
export class Forbidden extends MallError {
  constructor(message: string, options?: ErrorOptions) {
    super('FORBIDDEN', message, options);
  }
}

/** What was asked for is not there (NOT_FOUND, 404). */
export class NotFound extends MallError {
  constructor(message: string, options?: ErrorOptions) {
    super('NOT_FOUND', message, options);
  }
}

/** What was to be created is there already (ALREADY_EXISTS, 409). */
export class AlreadyExists extends MallError {
  constructor(message: string, options?: ErrorOptions) {
    super('ALREADY_EXISTS', message, options);
  }
}

/** Somebody else changed the same thing at the same time (ABORTED, 409). Safe to retry. */
export class Conflict extends MallError {
  constructor(message: string, options?: ErrorOptions) {
    super('CONFLICT', message, options);
  }
}

/** The state of something else forbids it (FAILED_PRECONDITION, 400). */
export class FailedPrecondition extends MallError {
  constructor(message: string, options?: ErrorOptions) {
    super('FAILED_PRECONDITION', message, options);
  }
}

/** A part this depends on does not answer (UNAVAILABLE, 503). Transient: worth a retry. */
export class Unavailable extends MallError {
  constructor(message: string, options?: ErrorOptions) {
    super('UNAVAILABLE', message, options);
  }
}

/** The deadline passed before the answer came (DEADLINE_EXCEEDED, 504). Transient. */
export class DeadlineExceeded extends MallError {
  constructor(message: string, options?: ErrorOptions) {
    super('DEADLINE_EXCEEDED', message, options);
  }
}

const TRANSIENT: ReadonlySet<ErrorCategory> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'CONFLICT',
  // A fault somewhere behind a call: it may be mended, and nobody has been refused anything.
  'INTERNAL',
  // A call to a context that is being replaced by a newer release.
  'UNIMPLEMENTED',
]);

/** Whether the same thing may succeed when tried again later. */
export function isTransient(error: unknown): error is MallError {
  return error instanceof MallError && TRANSIENT.has(error.category);
}

/** Whether it is an expected error of this category, whichever class or context tells it. */
export function hasCategory(error: unknown, category: ErrorCategory): error is MallError {
  return error instanceof MallError && error.category === category;
}

/** Runs `work` and tells every {@link MallError} it throws within `context`; other errors pass unchanged. */
export function telling<T>(context: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof MallError ? error.within(context) : error;
  }
}

/** As {@link telling}, for work that takes its time. */
export async function tellingAsync<T>(context: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof MallError ? error.within(context) : error;
  }
}
