import { setTimeout as pause } from 'node:timers/promises';
import { reason } from '../embedded/index.ts';
import type { DockerEngine } from './engine.ts';
import { type ExtraName, extraTitles } from './extras/extra.ts';
import { fetchImage, ImageUnavailable } from './fetch-image.ts';
import type { ImageName, Images } from './images.ts';

/** What a mall can do without holds its start up for this long, once all that it needs is there. */
const extrasPatienceMs = 30_000;

export interface FetchImages {
  readonly engine: DockerEngine;
  readonly images: Images;
  readonly extras: readonly ExtraName[];
  /** Ends what is still being fetched. */
  readonly signal: AbortSignal;
  readonly onNotice: (sentence: string) => void;
  /** Told in a few words what takes its time, again and again. */
  readonly onProgress: (text: string) => void;
}

export interface FetchedImages {
  /** Undefined where it cannot be had. */
  readonly reaper: string | undefined;
  readonly extras: ReadonlySet<ExtraName>;
}

/**
 * Makes sure of a mall's images, all at once. Those it can do without are left out, with the reason, when they
 * cannot be had; when they are only slow, they go on being fetched for the next start.
 * @throws ImageUnavailable when that of Postgres or NATS cannot be had
 */
export async function fetchImages(wanted: FetchImages): Promise<FetchedImages> {
  const failure = new AbortController();
  const fetches = new Fetches({ ...wanted, signal: AbortSignal.any([wanted.signal, failure.signal]) });
  const optional = (['reaper', ...wanted.extras] as const).map((name) => new OptionalFetch(name, fetches));
  try {
    await Promise.all([fetches.fetch('postgres'), fetches.fetch('nats')]);
  } catch (error) {
    failure.abort(error);
    throw error;
  }
  const enough = new AbortController();
  const patience = pause(extrasPatienceMs, undefined, { signal: enough.signal, ref: false }).catch(
    () => undefined,
  );
  await Promise.race([Promise.all(optional.map(({ settled }) => settled)), patience]);
  enough.abort();
  wanted.signal.throwIfAborted();
  const missing = optional.filter((each) => each.complaint !== undefined);
  for (const sentence of sentences(missing)) wanted.onNotice(sentence);
  const has = (name: OptionalName) => missing.every((each) => each.name !== name);
  return {
    reaper: has('reaper') ? wanted.images.reaper : undefined,
    extras: new Set(wanted.extras.filter(has)),
  };
}

type OptionalName = 'reaper' | ExtraName;

/** What is left out and why, the extras with the same reason in one sentence. */
function sentences(missing: readonly OptionalFetch[]): string[] {
  const groups = new Map<string, string[]>();
  const told: string[] = [];
  for (const { name, complaint = '' } of missing) {
    if (name === 'reaper') {
      told.push(
        `no reaper, ${complaint}: a killed mall leaves its containers to the next \`mall up\` or \`mall down\``,
      );
    } else groups.set(complaint, [...(groups.get(complaint) ?? []), extraTitles[name]]);
  }
  const list = new Intl.ListFormat('en');
  for (const [complaint, titles] of groups) told.push(`without ${list.format(titles)}: ${complaint}`);
  return told;
}

/** One that may fail, or be late. */
class OptionalFetch {
  readonly name: OptionalName;
  readonly settled: Promise<void>;
  #complaint: string | undefined = 'still being fetched, for the next start';

  constructor(name: OptionalName, fetches: Fetches) {
    this.name = name;
    this.settled = fetches.fetch(name).then(
      () => {
        this.#complaint = undefined;
      },
      (error: unknown) => {
        const cause = error instanceof ImageUnavailable ? reason(error.cause) : reason(error);
        // Which of several images it was does not matter; the registry does.
        this.#complaint = `no image to be had (${cause.replace(/^Get "[^"]*": /, '')})`;
      },
    );
  }

  /** Why it cannot be used, as things stand. */
  get complaint(): string | undefined {
    return this.#complaint;
  }
}

/** Fetches side by side, whose progress is told in one line. */
class Fetches {
  readonly #wanted: FetchImages;
  readonly #percents = new Map<string, number>();

  constructor(wanted: FetchImages) {
    this.#wanted = wanted;
  }

  async fetch(name: ImageName): Promise<void> {
    const { engine, images, signal, onNotice } = this.#wanted;
    const image = images[name];
    const begun = performance.now();
    try {
      const onProgress = (share: number) => this.#note(image, Math.floor(share * 100));
      if (!(await fetchImage({ engine, image, signal, onProgress }))) return;
      onNotice(`fetched ${image} in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    } finally {
      this.#percents.delete(image);
    }
  }

  #note(image: string, percent: number): void {
    if (this.#percents.get(image) === percent) return;
    this.#percents.set(image, percent);
    const parts = [...this.#percents].map(([each, share]) => `${each} ${share} %`);
    this.#wanted.onProgress(`fetching ${parts.join(', ')}`);
  }
}
