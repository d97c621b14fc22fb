/** A server that is ready for its clients. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  /** Resolves with a sentence when the server ends, asked for or not. Never rejects. */
  readonly exited: Promise<string>;
  /** Stops it in order, harder once a deadline has passed. Safe to call twice. */
  stop(): Promise<void>;
}
