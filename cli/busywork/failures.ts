/** Why a call failed: the HTTP status, or what came instead of one. */
export type Failure = `${number}` | 'timeout' | 'connection' | 'answer';

/** A call that brought no usable answer. Its message is the reason the narration tells. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  /** `timeout`: no answer in time; `connection`: no connection; `answer`: an answer nobody can read. */
  readonly failure: Failure;

  constructor(failure: Failure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }

  /**
   * Whether the mall has refused for certain. Otherwise it may have done what it was asked, and not said so.
   */
  get refused(): boolean {
    const status = Number(this.failure);
    return status >= 400 && status < 500;
  }
}

/**
 * The words of an error, also of one that only holds others, as a refused connection to two addresses does.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(reasonOf).join(', ');
  }
  return error instanceof Error ? error.message || error.name : String(error);
}
