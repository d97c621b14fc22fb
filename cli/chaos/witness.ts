import { setTimeout as pause } from 'node:timers/promises';

/** Answers are looked at this often, by this many at once: an outage of a second is seen from all sides. */
const everyMs = 50;
const witnesses = 4;
/** Longer than the mall gives a call. */
const patienceMs = 15_000;

/** What clients were told while something was away. */
export interface Testimony {
  /** Answers of success, each of which has to be true for ever after. */
  readonly answered: number;
  /** 503 with Retry-After: clear, and honest about what to do. */
  readonly unavailable: number;
  /** 504: the deadline passed; whether it took effect is not known, so that only reading is worth a repeat. */
  readonly late: number;
  /** No connection: the process itself was away. */
  readonly unconnected: number;
  /** Anything else, in words: these are the wrong ones. */
  readonly wrong: readonly string[];
}

/** Registers customers and looks them up again; remembers what it was told and holds the mall to it. */
export class Witness {
  readonly #host: string;
  readonly #end = new AbortController();
  readonly #known = new Map<string, string>();
  readonly #counts = { answered: 0, unavailable: 0, late: 0, unconnected: 0 };
  readonly #wrong: string[] = [];
  readonly #running: Promise<unknown>;

  constructor(host: string) {
    this.#host = host;
    this.#running = Promise.all(Array.from({ length: witnesses }, (_, index) => this.#live(index)));
  }

  /** Ends the watching. */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  /** Looks up once more whatever was promised: the mall must be well again. */
  async testify(): Promise<Testimony> {
    for (const [id, name] of this.#known) await this.#lookUp(id, name, { mayBeAway: false });
    return { ...this.#counts, wrong: this.#wrong };
  }

  async #live(index: number): Promise<void> {
    for (let n = 0; !this.#end.signal.aborted; n++) {
      await this.#register(`Witness ${index} ${n}`);
      const [id, name] = [...this.#known].at(-1 - (n % 10)) ?? [];
      if (id !== undefined && name !== undefined) await this.#lookUp(id, name, { mayBeAway: true });
      await pause(everyMs, undefined, { signal: this.#end.signal }).catch(() => undefined);
    }
  }

  async #register(name: string): Promise<void> {
    const answer = await this.#ask('POST', '/api/customers', { name, smsNumber: '555-555-1212' });
    if (answer === undefined || this.#isRefusal(answer, { reading: false })) return;
    const id = answer.status === 200 ? readField(answer.body, 'id') : undefined;
    if (id === undefined) this.#tell(`registering ${name}: ${answer.status} ${answer.body}`);
    else {
      this.#counts.answered++;
      this.#known.set(id, name);
    }
  }

  async #lookUp(id: string, name: string, { mayBeAway }: { mayBeAway: boolean }): Promise<void> {
    const answer = await this.#ask('GET', `/api/customers/${id}`);
    if (answer !== undefined && mayBeAway && this.#isRefusal(answer, { reading: true })) return;
    if (answer === undefined && mayBeAway) return;
    if (answer?.status === 200 && answer.body.includes(JSON.stringify(name))) this.#counts.answered++;
    else
      this.#tell(`customer ${id}, once answered for: ${answer?.status ?? 'no connection'} ${answer?.body}`);
  }

  #isRefusal(answer: Answer, request: { readonly reading: boolean }): boolean {
    if (!isClearRefusal(answer, request)) return false;
    if (answer.status === 503) this.#counts.unavailable++;
    else this.#counts.late++;
    return true;
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Answer | undefined> {
    try {
      const response = await fetch(`http://${this.#host}${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patienceMs),
      });
      const retryAfter = response.headers.has('retry-after');
      return { status: response.status, retryAfter, body: await response.text() };
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') this.#tell(`${method} ${path}: no answer`);
      else this.#counts.unconnected++;
      return undefined;
    }
  }

  #tell(what: string): void {
    if (this.#wrong.length < 10) this.#wrong.push(what);
  }
}

/**
 * Whether an answer without success is one a client can act on: 503 tells when to come again; 504 does for what is
 * read, and leaves it where a change without an Idempotency-Key may have been made.
 */
export function isClearRefusal(
  { status, retryAfter }: Pick<Answer, 'status' | 'retryAfter'>,
  { reading }: { readonly reading: boolean },
): boolean {
  if (status === 503) return retryAfter;
  return status === 504 && retryAfter === reading;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: boolean;
  readonly body: string;
}

function readField(text: string, name: string): string | undefined {
  const json: unknown = JSON.parse(text);
  const found = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  const value: unknown = found.find(([key]) => key === name)?.[1];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
