import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { EngineAddress } from './engine-address.ts';

/** An engine that is well answers its ping in milliseconds; a machine under load gets this much. */
const pingWithinMs = 1_000;
const answerWithinMs = 10_000;
/** Removing a container means killing what runs in it. */
const removeWithinMs = 20_000;

const infoShape = z.object({
  OperatingSystem: z.string().default(''),
  OSType: z.string().default('linux'),
  ServerVersion: z.string().default('unknown'),
  SecurityOptions: z.array(z.string()).nullish(),
});
const listShape = z.array(z.object({ Id: z.string() }));
const waitShape = z.object({ StatusCode: z.number() });
const complaintShape = z.object({ message: z.string() });

export interface EngineFacts {
  readonly version: string;
  readonly linuxContainers: boolean;
  /** Its containers run in a virtual machine of their own, as on macOS and Windows. */
  readonly desktop: boolean;
  /** It runs as an ordinary user, whose containers see nothing of the machine's loopback. */
  readonly rootless: boolean;
}

/** An engine said no, or nothing in time. `status` is its HTTP status where it has answered. */
export class EngineError extends Error {
  readonly status: number | undefined;

  constructor(message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.status = options.status;
  }
}

interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The few calls of the Engine API that the mall makes itself; the rest is Testcontainers' part. */
export class DockerEngine {
  readonly address: EngineAddress;

  constructor(address: EngineAddress) {
    this.address = address;
  }

  /** @throws the system's error (`EACCES`, `ECONNREFUSED`), or EngineError */
  async ping(): Promise<void> {
    await this.#read({ method: 'GET', path: '/_ping', signal: AbortSignal.timeout(pingWithinMs) });
  }

  async facts(): Promise<EngineFacts> {
    const answer = await this.#read({ method: 'GET', path: '/info', signal: soon() });
    const info = infoShape.parse(JSON.parse(answer));
    return {
      version: info.ServerVersion,
      linuxContainers: info.OSType === 'linux',
      desktop: info.OperatingSystem === 'Docker Desktop',
      rootless: info.SecurityOptions?.some((option) => option.includes('rootless')) === true,
    };
  }

  /** Whether an image is there without being fetched. */
  async hasImage(image: string): Promise<boolean> {
    try {
      await this.#read({ method: 'GET', path: `/images/${image}/json`, signal: soon() });
      return true;
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return false;
      throw error;
    }
  }

  /** Begins to fetch an image; the answer tells of the progress, one JSON document a line. */
  pull(pull: {
    readonly image: string;
    readonly credentials: string | undefined;
    readonly signal: AbortSignal;
  }): Promise<IncomingMessage> {
    const { image, credentials, signal } = pull;
    const path = `/images/create?fromImage=${encodeURIComponent(image)}`;
    return this.#call({
      method: 'POST',
      path,
      signal,
      ...(credentials !== undefined && { headers: { 'X-Registry-Auth': credentials } }),
    });
  }

  /** Ids of the containers, running or not, that carry a label with this value. */
  async containersWith(label: string, value: string): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`${label}=${value}`] }));
    const path = `/containers/json?all=1&filters=${filters}`;
    const answer = await this.#read({ method: 'GET', path, signal: soon() });
    return listShape.parse(JSON.parse(answer)).map(({ Id }) => Id);
  }

  /**
   * Starts a container that has ended as it was started before; leaves one alone that runs.
   * @returns whether it is still there to be started
   */
  async startAgain(id: string): Promise<boolean> {
    try {
      await this.#read({ method: 'POST', path: `/containers/${id}/start`, signal: soon() });
      return true;
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return false;
      throw error;
    }
  }

  /** Kills and removes a container with its unnamed volumes; one that is being removed is as good as removed. */
  async remove(id: string): Promise<void> {
    const signal = AbortSignal.timeout(removeWithinMs);
    try {
      await this.#unlessGone({ method: 'DELETE', path: `/containers/${id}?force=1&v=1`, signal });
    } catch (error) {
      const underWay = error instanceof EngineError && error.status === 409;
      if (!underWay) throw error;
    }
  }

  /** Asks a container to end, as its image wants to be asked, and kills it when it has not after some seconds. */
  async stop(id: string, seconds: number): Promise<void> {
    const signal = AbortSignal.timeout(seconds * 1_000 + answerWithinMs);
    await this.#unlessGone({ method: 'POST', path: `/containers/${id}/stop?t=${seconds}`, signal });
  }

  async removeVolume(name: string): Promise<void> {
    await this.#unlessGone({ method: 'DELETE', path: `/volumes/${name}`, signal: soon() });
  }

  /** Resolves with the exit code once a container has ended; waits for as long as it runs. */
  async exitCode(id: string, signal: AbortSignal): Promise<number> {
    const answer = await this.#read({ method: 'POST', path: `/containers/${id}/wait`, signal });
    return waitShape.parse(JSON.parse(answer)).StatusCode;
  }

  /** What is not there any more needs nothing done to it. */
  async #unlessGone(call: Call): Promise<void> {
    try {
      await this.#read(call);
    } catch (error) {
      if (!(error instanceof EngineError) || error.status !== 404) throw error;
    }
  }

  async #read(call: Call): Promise<string> {
    return text(await this.#call(call));
  }

  async #call({ method, path, headers, signal }: Call): Promise<IncomingMessage> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({ ...this.address.connection, method, path, headers, signal }, resolve);
      sent.once('error', (error) => reject(signal.aborted ? tooLate(signal, path) : error));
      sent.end();
    });
    const status = response.statusCode ?? 500;
    if (status < 400) return response;
    throw new EngineError(complaintIn(await text(response)), { status });
  }
}

function soon(): AbortSignal {
  return AbortSignal.timeout(answerWithinMs);
}

function tooLate(signal: AbortSignal, path: string): EngineError {
  return new EngineError(`the engine did not answer ${path.split('?', 1)[0]} in time`, {
    cause: signal.reason,
  });
}

function complaintIn(answer: string): string {
  try {
    return complaintShape.parse(JSON.parse(answer)).message.trim();
  } catch {
    return answer.trim().slice(0, 200) || 'the engine gave no reason';
  }
}
