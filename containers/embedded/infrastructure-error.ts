/**
 * Something outside the mall's own code stands in the way: a missing binary, a taken port, a folder nobody may
 * enter. `message` is one sentence for people, `cause` what the system said, `next` what to do about it,
 * with commands in backticks.
 */
export class InfrastructureError extends Error {
  readonly next: string | undefined;

  constructor(message: string, options: { cause?: unknown; next?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.next = options.next;
  }
}

/** The port a server was to listen on belongs to another process. */
export class PortInUse extends InfrastructureError {
  readonly port: number;

  constructor(options: { port: number; wantedBy: string; owner?: string; next?: string }) {
    const owner = options.owner === undefined ? 'another process' : options.owner;
    super(`Port ${options.port}, wanted for ${options.wantedBy}, is in use by ${owner}.`, {
      next: options.next ?? 'choose another port',
    });
    this.port = options.port;
  }
}

/** What an unknown thrown value says, in one line. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reason).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** The system's error code (`ENOENT`), where the thrown value carries one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
