/** What an AbortSignal tells those who only look before they act. */
export type Deadline = Pick<AbortSignal, 'aborted'>;
