import type { Logger } from 'pino';
import type { DockerEngine } from '../../containers/docker/engine.ts';
import type { FetchedImages } from '../../containers/docker/fetch-images.ts';
import type { Images } from '../../containers/docker/images.ts';
import { InfrastructureError, reason } from '../../containers/embedded/index.ts';
import type { MallFolders } from '../malls/folders.ts';
import type { MallPorts } from '../malls/remembered-ports.ts';
import type { Settings } from '../settings/index.ts';
import type { Audience } from './audience.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { StartClock } from './start-clock.ts';

export interface InfrastructureStart {
  readonly settings: Settings;
  readonly folders: MallFolders;
  readonly audience: Audience;
  readonly clock: StartClock;
  readonly logger: Logger;
  /** Aborted when the start is given up. */
  readonly signal: AbortSignal;
}

/** The ports that the servers are to have. */
type ServerPorts = Pick<MallPorts, 'postgres' | 'nats'>;

/** What a mall is to run on, before any of it is started. */
export type Choice = DockerChoice | { readonly kind: 'embedded' } | { readonly kind: 'external' };

interface DockerChoice {
  readonly kind: 'docker';
  readonly engine: DockerEngine;
  readonly images: Images;
  readonly fetched: FetchedImages;
}

/**
 * Decides between Docker and the embedded servers where the settings leave it open: Docker where an engine answers
 * and has the images, or can fetch them. Fetching takes its time, so nothing is reserved yet.
 * @throws InfrastructureError when Docker is asked for and cannot be had
 */
export async function chooseInfrastructure(start: InfrastructureStart): Promise<Choice> {
  const { infra } = start.settings;
  if (infra === 'embedded' || infra === 'external') return { kind: infra };
  const { findEngine } = await import('../../containers/docker/find-engine.ts');
  const engine = await findEngine();
  try {
    if (!('complaint' in engine)) return await dockerWithImages(start, engine);
    throw new InfrastructureError(`${sentence(engine.complaint)}.`, { next: engine.next });
  } catch (error) {
    start.signal.throwIfAborted();
    const expected = !('complaint' in engine) || engine.expected;
    return insteadOfDocker(start, { error, expected });
  }
}

/** Starts what was chosen; embedded servers in place of Docker where that was only the default and fails. */
export async function startInfrastructure(
  start: InfrastructureStart,
  { choice, ports }: { readonly choice: Choice; readonly ports: ServerPorts },
): Promise<Infrastructure> {
  if (choice.kind === 'external') return startExternal(start);
  if (choice.kind === 'embedded') return startEmbedded(start, ports);
  try {
    return await startInDocker(start, { choice, ports });
  } catch (error) {
    start.signal.throwIfAborted();
    insteadOfDocker(start, { error, expected: true });
    return startEmbedded(start, ports);
  }
}

async function dockerWithImages(start: InfrastructureStart, engine: DockerEngine): Promise<DockerChoice> {
  const { settings, audience, clock, signal } = start;
  audience.step('starting Postgres and NATS in Docker');
  const [{ fetchImages }, { chooseImages }] = await Promise.all([
    import('../../containers/docker/fetch-images.ts'),
    import('../../containers/docker/images.ts'),
  ]);
  const images = chooseImages({ replaced: settings.images, prefix: settings.imagePrefix });
  const fetching = fetchImages({
    engine,
    images,
    extras: settings.extras,
    signal,
    onNotice: (text) => audience.note(text),
    onProgress: (text) => audience.progress(text),
  });
  return { kind: 'docker', engine, images, fetched: await clock.without(fetching) };
}

/** @throws the error where Docker was asked for, or where it is none of the expected ones */
function insteadOfDocker(
  { settings, audience }: InfrastructureStart,
  { error, expected }: { readonly error: unknown; readonly expected: boolean },
): { readonly kind: 'embedded' } {
  if (settings.infra === 'docker' || !(error instanceof InfrastructureError)) throw error;
  if (expected) audience.note(`${why(error)}: embedded servers instead`);
  return { kind: 'embedded' };
}

async function startExternal({ settings, audience, signal }: InfrastructureStart): Promise<Infrastructure> {
  audience.step('looking for Postgres and NATS');
  const { useExternal } = await import('./external-infrastructure.ts');
  return useExternal({ ...settings, signal });
}

async function startEmbedded(start: InfrastructureStart, ports: ServerPorts): Promise<Infrastructure> {
  const { settings, folders, audience, logger, signal } = start;
  audience.step('starting Postgres and NATS');
  const module = await import('./embedded-infrastructure.ts');
  const onNotice = (text: string) => audience.note(text);
  return module.startEmbedded({ folders, ports, fast: settings.fast, logger, signal, onNotice });
}

async function startInDocker(
  { settings, folders, audience, logger, signal }: InfrastructureStart,
  { choice, ports }: { choice: DockerChoice; ports: ServerPorts },
): Promise<Infrastructure> {
  const { startDocker } = await import('./docker-infrastructure.ts');
  return startDocker({
    ...choice,
    folders,
    ports: {
      postgres: { port: ports.postgres, fixed: settings.postgresPort !== undefined },
      nats: { port: ports.nats, fixed: settings.natsPort !== undefined },
    },
    fast: settings.fast,
    logger,
    signal,
    audience,
  });
}

/** An error and what lies behind it, in one line. */
function why(error: InfrastructureError): string {
  const message = error.message.replace(/\.$/, '');
  return error.cause === undefined ? message : `${message} (${reason(error.cause).split('\n', 1)[0]})`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
