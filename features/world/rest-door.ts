import type { Trace } from '../../cli/busywork/trace.ts';
import { traceparent } from '../../cli/busywork/trace.ts';

/** Longer than the mall's own deadlines: their answer is what a scenario is to see. */
const answerWithinMs = 15_000;

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';

/** What a call was answered, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The refusal's sentence; blank where there is none. */
  readonly message: string;
  readonly headers: Headers;
  /** When the request was sent, on the clock of `performance.now`. */
  readonly sentAt: number;
}

export interface RestRequest {
  readonly body?: unknown;
  /** Sent as it is, in the place of a body. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly trace: Trace;
}

/** The REST door of a mall. */
export class RestDoor {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url.replace(/\/$/, '');
  }

  /** @throws Error when there is no answer in time */
  async send(method: Method, path: string, { body, text, headers, trace }: RestRequest): Promise<Answer> {
    const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const sentAt = performance.now();
    const response = await fetch(`${this.#url}${path}`, {
      method,
      ...(content !== undefined && { body: content }),
      headers: {
        accept: 'application/json',
        traceparent: traceparent(trace),
        ...(content !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      signal: AbortSignal.timeout(answerWithinMs),
    }).catch((error: unknown) => {
      throw new Error(`${method} ${path} at ${this.#url} was not answered`, { cause: error });
    });
    const read = parsed(await response.text());
    return {
      status: response.status,
      body: read,
      message: textAt(read, 'message'),
      headers: response.headers,
      sentAt,
    };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function textAt(body: unknown, key: string): string {
  if (typeof body !== 'object' || body === null) return '';
  const value: unknown = Object.entries(body).find(([name]) => name === key)?.[1];
  return typeof value === 'string' ? value : '';
}
