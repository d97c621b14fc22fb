import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { freePort, openLog, reason } from '../embedded/index.ts';
import type { ImageName } from './images.ts';

/** A container of a mall. */
export interface RunningContainer {
  readonly service: ImageName;
  readonly id: string;
  readonly image: string;
  readonly url: string;
}

/** A container whose server has said which version it is. */
export interface RunningServer extends RunningContainer {
  /** On loopback. */
  readonly port: number;
  readonly version: string;
  /** Resolves with a sentence when it ends, or the engine goes away. Never rejects. */
  readonly exited: Promise<string>;
  /** Asks it to end, and kills it where that takes too long. The container stays until it is removed. */
  stop(): Promise<void>;
}

/** What a server's container is made of. */
export interface ContainerOptions {
  readonly image: string;
  /** Holds its data; made on first use, and there after the container. */
  readonly volume: string;
  /** Of the mall it belongs to. */
  readonly folder: string;
  /** Receives what it writes; appended to. */
  readonly logFile: string;
  /** Whether Postgres may lose what it has when the machine crashes. */
  readonly fast: boolean;
}

export interface ContainerStart extends ContainerOptions {
  readonly port: number;
}

export interface PortWish {
  readonly port: number;
  /** Whether it was asked for: then it is this one or none. */
  readonly fixed: boolean;
}

const portTaken = /port is already allocated|address already in use/;
const portTries = 3;

/**
 * Starts a container on the port that was chosen for it; on another one that is free where somebody has taken that
 * in the meantime, unless it was asked for.
 */
export async function onFreePort<T>(
  { port, fixed }: PortWish,
  start: (port: number) => Promise<T>,
): Promise<T> {
  for (let tries = 1, chosen = port; ; tries++) {
    try {
      return await start(chosen);
    } catch (error) {
      if (fixed || tries === portTries || !portTaken.test(reason(error))) throw error;
      chosen = await freePort();
    }
  }
}

/** The bindings, as the engine wants them, that publish ports on loopback only; the engine's own way is everywhere. */
export function onLoopback(ports: Readonly<Record<number, number>>) {
  const bindings = Object.entries(ports).map(([inside, outside]) => [
    `${inside}/tcp`,
    [{ HostIp: '127.0.0.1', HostPort: String(outside) }],
  ]);
  return Object.fromEntries(bindings);
}

/** Writes what a container says to a file, so that it can be read once the container is gone. */
export function toLogFile(path: string): (stream: Readable) => void {
  return (stream) => {
    const file = createWriteStream(path, { fd: openLog(path) });
    // The stream breaks with the engine, which is noticed elsewhere.
    stream.on('error', () => file.end()).pipe(file);
  };
}
