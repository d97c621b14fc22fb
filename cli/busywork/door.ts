import { Pool } from 'undici';
import { Stopped, untilStopped } from './clock.ts';
import { createDeadline } from './deadline.ts';
import { CallFailed, reasonOf } from './failures.ts';
import { formatDuration } from './format.ts';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The mall's HTTP door, over connections that are kept. */
export interface Door {
  /**
   * Sends a request and reads the whole answer, whatever its status.
   * Throws {@link CallFailed} for a missing answer and {@link Stopped} once `signal` aborts.
   */
  exchange(request: Request, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

export interface DoorOptions {
  /** `host:port` */
  readonly host: string;
  /**
   * How many calls may be under way; more would wait, and their waiting would be taken for the mall's
   * slowness.
   */
  readonly connections: number;
  /** From the first attempt to connect to the last byte of the answer (B-13). */
  readonly timeoutMs: number;
}

export function openDoor(options: DoorOptions): Door {
  const { connections, timeoutMs } = options;
  // The pool's own deadlines are off: they cover parts of a call only, and `exchange` covers all of it. Idle
  // connections go after the pool's default 4 s, well before a server drops them under a call's feet.
  const pool = new Pool(`http://${options.host}`, {
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: timeoutMs },
  });
  const talk = async (request: Request, signal: AbortSignal): Promise<Answer> => {
    const response = await pool.request({ ...request, body: request.body ?? null, signal });
    return { status: response.statusCode, text: await response.body.text() };
  };
  return {
    exchange: async (request, signal) => {
      const deadline = createDeadline(timeoutMs, signal);
      try {
        // The pool notices an abort only once it is connected; whoever stops does not wait for that.
        return await untilStopped(talk(request, deadline.signal), deadline.signal);
      } catch (error) {
        if (signal.aborted) throw new Stopped({ cause: error });
        throw deadline.passed ? timedOut(timeoutMs, error) : disconnected(error);
      } finally {
        deadline.release();
      }
    },
    close: () => pool.destroy(),
  };
}

function timedOut(timeoutMs: number, cause: unknown): CallFailed {
  return new CallFailed('timeout', `no answer within ${formatDuration(timeoutMs)}`, { cause });
}

function disconnected(cause: unknown): CallFailed {
  return new CallFailed('connection', reasonOf(cause), { cause });
}
