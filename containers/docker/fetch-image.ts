import type { IncomingMessage } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { InfrastructureError, reason } from '../embedded/index.ts';
import { type DockerEngine, EngineError } from './engine.ts';
import { registryOf } from './images.ts';
import { registryCredentials } from './registry-credentials.ts';

/** A registry that can be reached says something within this time; */
const firstWordMs = 8_000;
/** later it may be busy for longer. */
const silenceMs = 20_000;
const longestFetchMs = 15 * 60_000;

const lineShape = z.object({
  id: z.string().optional(),
  status: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
  error: z.string().optional(),
});

/** An image is neither there nor to be had. */
export class ImageUnavailable extends InfrastructureError {
  readonly image: string;

  constructor(image: string, cause: unknown) {
    super(`The image ${image} cannot be had.`, { cause, next: wayOut(image, reason(cause)) });
    this.image = image;
  }
}

export interface Fetch {
  readonly engine: DockerEngine;
  readonly image: string;
  readonly signal: AbortSignal;
  /** Told how much of the image has come, from 0 to 1, once that is known. */
  readonly onProgress: (share: number) => void;
}

/**
 * Makes sure that the engine has an image; one that is there is not asked for again.
 * @returns whether it had to be fetched
 * @throws ImageUnavailable when no registry gives it, or stops sending
 */
export async function fetchImage(fetch: Fetch): Promise<boolean> {
  const { engine, image, signal } = fetch;
  try {
    if (await engine.hasImage(image)) return false;
    await pull(fetch);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    throw new ImageUnavailable(image, error);
  }
}

async function pull({ engine, image, signal, onProgress }: Fetch): Promise<void> {
  const silence = new AbortController();
  const giveUpAfter = (ms: number) =>
    setTimeout(() => silence.abort(new EngineError(`nothing has come for ${ms / 1000} s`)), ms);
  let timer = giveUpAfter(firstWordMs);
  const limits = [signal, silence.signal, AbortSignal.timeout(longestFetchMs)];
  const dockerFolder = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker');
  try {
    const credentials = await registryCredentials(image, dockerFolder);
    const response = await engine.pull({ image, credentials, signal: AbortSignal.any(limits) });
    const progress = new LayerProgress();
    for await (const line of linesOf(response)) {
      clearTimeout(timer);
      timer = giveUpAfter(silenceMs);
      const { error, ...told } = lineShape.parse(JSON.parse(line));
      if (error !== undefined) throw new EngineError(error);
      progress.note(told);
      if (progress.share !== undefined) onProgress(progress.share);
    }
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
  // A connection that breaks in the middle ends the lines as well.
  if (!(await engine.hasImage(image))) throw new EngineError('the engine stopped before it had all of it');
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let unfinished = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = `${unfinished}${chunk}`.split('\n');
    unfinished = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (unfinished.trim() !== '') yield unfinished;
}

interface Layer {
  readonly total: number;
  readonly fetched: number;
  readonly unpacked: number;
}

/** Adds up what an engine tells of each layer: its bytes come and are unpacked. */
class LayerProgress {
  readonly #layers = new Map<string, Layer>();

  note({ id = '', status, progressDetail }: Omit<z.output<typeof lineShape>, 'error'>): void {
    const layer = this.#layers.get(id);
    const total = progressDetail?.total ?? layer?.total;
    if (total === undefined) return;
    const current = progressDetail?.current ?? 0;
    if (status === 'Downloading') this.#layers.set(id, { total, fetched: current, unpacked: 0 });
    if (status === 'Download complete') this.#layers.set(id, { total, fetched: total, unpacked: 0 });
    if (status === 'Extracting') this.#layers.set(id, { total, fetched: total, unpacked: current });
    if (status === 'Pull complete') this.#layers.set(id, { total, fetched: total, unpacked: total });
  }

  get share(): number | undefined {
    const layers = [...this.#layers.values()];
    const total = layers.reduce((sum, layer) => sum + layer.total, 0);
    const done = layers.reduce((sum, { fetched, unpacked }) => sum + (fetched + unpacked) / 2, 0);
    return total === 0 ? undefined : done / total;
  }
}

function wayOut(image: string, complaint: string): string {
  const registry = registryOf(image);
  const rateLimited = /toomanyrequests|rate limit/i.test(complaint);
  const first = rateLimited
    ? 'wait or `docker login` for a higher limit'
    : `check that ${registry} can be reached and has it`;
  return `${first}; MALL_IMAGE_PREFIX names a registry with copies; \`mall up --infra embedded\` needs no image`;
}
