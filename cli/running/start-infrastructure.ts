import type { DockerEngine } from '../../containers/docker/engine.ts';
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
  /** Aborted when the start is given up. */
  readonly signal: AbortSignal;
}

/** What a mall is to run on, before any of it is started. */
export type Choice =
  | { readonly kind: 'docker'; readonly engine: DockerEngine }
  | { readonly kind: 'embedded'; readonly why?: string }
  | { readonly kind: 'external' };

/**
 * Decides between Docker and the embedded servers where the settings leave it open: Docker where an engine answers.
 * @throws InfrastructureError when Docker is asked for and no engine can be used
 */
export async function chooseInfrastructure({ infra }: Settings): Promise<Choice> {
  if (infra === 'embedded' || infra === 'external') return { kind: infra };
  const { findEngine } = await import('../../containers/docker/find-engine.ts');
  const found = await findEngine();
  if (!('complaint' in found)) return { kind: 'docker', engine: found };
  const { complaint, next, expected } = found;
  if (infra === 'docker') throw new InfrastructureError(`${sentence(complaint)}.`, { next });
  return expected ? { kind: 'embedded', why: complaint } : { kind: 'embedded' };
}

/** Starts what was chosen; embedded servers in place of Docker where that was only the default and cannot be had. */
export async function startInfrastructure(
  start: InfrastructureStart,
  { choice, ports }: { readonly choice: Choice; readonly ports: MallPorts },
): Promise<Infrastructure> {
  if (choice.kind === 'external') return startExternal(start);
  if (choice.kind === 'embedded') {
    if (choice.why !== undefined) start.audience.note(`${sentence(choice.why)}: embedded servers instead`);
    return startEmbedded(start, ports);
  }
  try {
    return await startInDocker(start, { engine: choice.engine, ports });
  } catch (error) {
    start.signal.throwIfAborted();
    if (start.settings.infra === 'docker' || !(error instanceof InfrastructureError)) throw error;
    start.audience.note(`${why(error)}: embedded servers instead`);
    return startEmbedded(start, ports);
  }
}

async function startExternal({ settings, audience, signal }: InfrastructureStart): Promise<Infrastructure> {
  audience.step('looking for Postgres and NATS');
  const { useExternal } = await import('./external-infrastructure.ts');
  return useExternal({ ...settings, signal });
}

async function startEmbedded(start: InfrastructureStart, ports: MallPorts): Promise<Infrastructure> {
  const { settings, folders, audience, signal } = start;
  audience.step('starting Postgres and NATS');
  const module = await import('./embedded-infrastructure.ts');
  const onNotice = (text: string) => audience.note(text);
  return module.startEmbedded({ folders, ports, fast: settings.fast, signal, onNotice });
}

async function startInDocker(
  start: InfrastructureStart,
  { engine, ports }: { engine: DockerEngine; ports: MallPorts },
): Promise<Infrastructure> {
  const { settings, folders, audience, clock, signal } = start;
  audience.step('starting Postgres and NATS in Docker');
  const [{ startDocker }, { chooseImages }] = await Promise.all([
    import('./docker-infrastructure.ts'),
    import('../../containers/docker/images.ts'),
  ]);
  return startDocker({
    engine,
    images: chooseImages({ replaced: settings.images, prefix: settings.imagePrefix }),
    extras: settings.extras,
    folders,
    ports: {
      postgres: { port: ports.postgres, fixed: settings.postgresPort !== undefined },
      nats: { port: ports.nats, fixed: settings.natsPort !== undefined },
    },
    fast: settings.fast,
    signal,
    audience,
    clock,
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
