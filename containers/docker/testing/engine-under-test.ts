import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { reason } from '../../embedded/index.ts';
import type { DockerEngine } from '../engine.ts';
import { fetchImage } from '../fetch-image.ts';
import { findEngine } from '../find-engine.ts';
import { officialImages } from '../images.ts';
import { folderLabel } from '../mall-containers.ts';

const needed = [officialImages.postgres, officialImages.nats, officialImages.reaper];

/** The engine Docker tests run on, or the reason why they are skipped. */
export type EngineUnderTest =
  | { readonly engine: DockerEngine; readonly skip: false }
  | { readonly engine: undefined; readonly skip: string };

/**
 * Docker tests run where an engine answers and has, or can fetch, the images that every mall in Docker needs, and
 * those they are about.
 */
export async function engineUnderTest(...images: readonly string[]): Promise<EngineUnderTest> {
  const engine = await findEngine();
  if ('complaint' in engine) return { engine: undefined, skip: engine.complaint };
  const signal = new AbortController().signal;
  const onProgress = () => undefined;
  try {
    await Promise.all(
      [...needed, ...images].map((image) => fetchImage({ engine, image, signal, onProgress })),
    );
    return { engine, skip: false };
  } catch (error) {
    return { engine: undefined, skip: reason(error) };
  }
}

/** Containers of a mall that the engine still has. */
export function containersOf(engine: DockerEngine, folder: string): Promise<string[]> {
  return engine.containersWith(folderLabel, folder);
}

/** Asks the engine for what the mall itself never does: naming an image anew, killing a container. */
export function askEngine(
  engine: DockerEngine,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...engine.address.connection, method, path }, async (response) => {
      const answer = await text(response);
      if ((response.statusCode ?? 500) < 400) resolve(answer);
      else reject(new Error(`${method} ${path}: ${answer}`));
    });
    asked.once('error', reject).end();
  });
}
