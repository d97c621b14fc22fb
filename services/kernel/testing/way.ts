import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut, held up and mended, as networks can. */
export class Way {
  readonly url: string;
  readonly #server;
  readonly #sockets = new Set<Socket>();
  #open = true;
  #held = false;

  private constructor(target: URL, server: ReturnType<typeof createServer>) {
    this.#server = server;
    const url = new URL(target);
    url.port = String(portOf(server.address()));
    this.url = url.href;
  }

  static async to(address: string): Promise<Way> {
    const target = new URL(address);
    const server = createServer();
    await once(server.listen(0, target.hostname), 'listening');
    const way = new Way(target, server);
    server.on('connection', (inbound) => way.#connect(inbound, target));
    return way;
  }

  /** Connections that stand now. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  cut(): void {
    this.#open = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#open = true;
  }

  /** Connections stay, and nothing passes. */
  hold(): void {
    this.#held = true;
    for (const socket of this.#sockets) socket.pause();
  }

  release(): void {
    this.#held = false;
    for (const socket of this.#sockets) socket.resume();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #connect(inbound: Socket, target: URL): void {
    if (!this.#open) {
      inbound.destroy();
      return;
    }
    const outbound = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on('error', () => undefined);
      from.on('close', () => {
        to.destroy();
        this.#sockets.delete(from);
      });
      if (this.#held) from.pause();
    }
  }
}

/** The port a server listens on. */
export function portOf(address: AddressInfo | string | null): number {
  assert.ok(typeof address === 'object' && address);
  return address.port;
}
