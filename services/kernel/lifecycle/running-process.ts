/** Contexts, or the gateway in front of them, that run in this process. */
export interface RunningProcess {
  readonly restUrl: string;
  readonly grpcAddress: string;
  /** Stops in order; nothing accepted is lost. Asked again, it is the same stop. */
  stop(): Promise<void>;
}
