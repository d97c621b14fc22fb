import type { ServerResponse } from 'node:http';
import type { Envelope } from '../messaging/index.ts';
import type { FeedLimits } from './limits.ts';
import { type OrderChange, orderChange } from './order-change.ts';

/** Something that hears of orders until it is closed. */
export interface Hearing {
  close(): Promise<void>;
}

export interface OrderFeedOptions {
  readonly limits: FeedLimits;
  /** Begins to listen to the broker. */
  readonly listen: (heard: (message: Envelope) => void) => Promise<Hearing>;
}

/**
 * Tells readers about orders as server-sent events. The broker is listened to only while somebody reads, from then
 * on: nothing of the past is replayed, whoever comes back too late has missed it. Readers, what is sent to each, and
 * what waits for a slow one are bounded.
 */
export class OrderFeed {
  readonly #options: OrderFeedOptions;
  readonly #readers = new Set<ServerResponse>();
  #hearing: Promise<Hearing> | undefined;
  #gathered: OrderChange[] = [];
  #missed = 0;
  #gathering: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #lingering: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: OrderFeedOptions) {
    this.#options = options;
  }

  /** Whether one more may read. */
  get hasRoom(): boolean {
    return !this.#closed && this.#readers.size < this.#options.limits.maxReaders;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Takes over a response and tells it about orders until it is closed. @throws where the broker is away */
  async serve(response: ServerResponse): Promise<void> {
    const { retryMs, heartbeatMs } = this.#options.limits;
    this.#readers.add(response);
    response.once('close', () => this.#gone(response));
    try {
      await this.#listening();
    } catch (error) {
      this.#gone(response);
      throw error;
    }
    if (this.#closed || response.destroyed) return void response.destroy();
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.write(`retry: ${retryMs}\n\n`);
    this.#heartbeat ??= setInterval(() => this.#send(':\n\n'), heartbeatMs);
  }

  /** Ends every reader and lets go of the broker. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const reader of this.#readers) reader.end();
    await this.#stopListening();
  }

  #listening(): Promise<Hearing> {
    clearTimeout(this.#lingering);
    this.#hearing ??= this.#options
      .listen((message) => this.#heard(message))
      .catch((error: unknown) => {
        this.#hearing = undefined;
        throw error;
      });
    return this.#hearing;
  }

  #heard(message: Envelope): void {
    const change = orderChange(message);
    if (change === undefined) return;
    this.#gathered.push(change);
    if (this.#gathered.length > this.#options.limits.maxChanges) {
      this.#gathered.shift();
      this.#missed++;
    }
    this.#gathering ??= setTimeout(() => this.#tell(), this.#options.limits.gatherMs);
  }

  #tell(): void {
    const data = JSON.stringify({ changes: this.#gathered, missed: this.#missed });
    this.#gathered = [];
    this.#missed = 0;
    this.#gathering = undefined;
    this.#send(`event: orders\ndata: ${data}\n\n`);
  }

  #send(text: string): void {
    for (const reader of this.#readers) {
      if (!reader.headersSent) continue;
      if (reader.writableLength > this.#options.limits.maxBehindBytes) reader.destroy();
      else reader.write(text);
    }
  }

  #gone(reader: ServerResponse): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0 || this.#closed) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = undefined;
    this.#lingering = setTimeout(() => void this.#stopListening(), this.#options.limits.lingerMs).unref();
  }

  async #stopListening(): Promise<void> {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#gathering);
    clearTimeout(this.#lingering);
    this.#heartbeat = undefined;
    this.#gathering = undefined;
    const hearing = this.#hearing;
    this.#hearing = undefined;
    // One that never came about has told whoever waited for it.
    await hearing?.then((each) => each.close()).catch(() => undefined);
  }
}
