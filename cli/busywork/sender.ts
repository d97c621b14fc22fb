import type { Call } from './calls.ts';
import { type Clock, Stopped } from './clock.ts';
import type { Answer, Door, Request } from './door.ts';
import { CallFailed, type Failure } from './failures.ts';
import { type Trace, traceparent } from './trace.ts';

/** How one call went, for the statistics. */
export type Outcome =
  | { readonly kind: 'answered'; readonly ms: number }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly ms: number }
  /** The run ended in the middle of it. */
  | { readonly kind: 'cut short' };

export interface Input {
  readonly id?: string;
  readonly body?: object;
}

/** What a call belongs to and what ends it. */
export interface CallContext {
  readonly trace: Trace;
  readonly signal: AbortSignal;
  /**
   * How much later than it should have this call is sent, which counts as its time: a shopper who arrives while the
   * simulator is busy has waited. Asked once for each call.
   */
  readonly late?: () => number;
}

/** Sends one call and reads its answer. Throws `CallFailed` or `Stopped`. */
export type Send = <A>(call: Call<A>, input: Input, context: CallContext) => Promise<A>;

export interface SenderOptions {
  readonly door: Door;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly record: (call: Call<unknown>, outcome: Outcome) => void;
  /** Makes the `authorization` of a call; absent where the mall asks for none. */
  readonly authorization?: (() => Promise<string>) | undefined;
}

export function createSender(options: SenderOptions): Send {
  const { door, clock, record } = options;
  return async (call, input, context) => {
    const authorization = options.authorization && (await options.authorization());
    const startedAt = clock.elapsed() - (context.late?.() ?? 0);
    try {
      const answer = await door.exchange(
        requestOf(call, input, { ...context, authorization }),
        context.signal,
      );
      const result = understand(call, answer);
      record(call, { kind: 'answered', ms: clock.elapsed() - startedAt });
      return result;
    } catch (error) {
      if (error instanceof Stopped) record(call, { kind: 'cut short' });
      if (error instanceof CallFailed) {
        record(call, { kind: 'failed', failure: error.failure, ms: clock.elapsed() - startedAt });
      }
      throw error;
    }
  };
}

interface Sending {
  readonly trace: Trace;
  readonly authorization: string | undefined;
}

function requestOf(call: Call<unknown>, input: Input, { trace, authorization }: Sending): Request {
  const path = call.path.replace('{id}', encodeURIComponent(input.id ?? ''));
  const headers = {
    accept: 'application/json',
    traceparent: traceparent(trace),
    ...(authorization !== undefined && { authorization }),
  };
  if (input.body === undefined) return { method: call.method, path, headers };
  return {
    method: call.method,
    path,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(input.body),
  };
}

function understand<A>(call: Call<A>, answer: Answer): A {
  if (answer.status === 404 && call.missing !== undefined) return call.missing;
  const refused = answer.status === 400 || answer.status === 409;
  if (refused && call.refused !== undefined) return call.refused;
  const body = parse(answer.text);
  if (answer.status !== 200) throw new CallFailed(`${answer.status}`, refusal(answer.status, body));
  const parsed = call.answer.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CallFailed('answer', `${call.name} was answered with something else than expected`, {
    cause: parsed.error,
  });
}

/** The mall's own words if it gave some; a proxy in between rather answers with a page. */
function refusal(status: number, body: unknown): string {
  const said = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof said === 'string' && said !== '' ? said : `HTTP status ${status}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
