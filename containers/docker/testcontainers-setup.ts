import { getContainerRuntimeClient, getReaper } from 'testcontainers';
import { InfrastructureError } from '../embedded/index.ts';
import type { DockerEngine } from './engine.ts';

/** The last client is a mall that has ended: nobody comes back, so its containers need not wait for that. */
const reaperPatience = '2s';
const socketInsideDesktop = '/var/run/docker.sock';

/**
 * Tells Testcontainers, which reads its settings from the environment, what has been decided already. Without
 * these it would look for an engine by rules of its own; and inside a container, or where it believes to be in one,
 * fetch an image to find the way to its ports. Then starts the reaper.
 * @throws InfrastructureError when the reaper does not start
 */
export async function setUpTestcontainers(
  engine: DockerEngine,
  reaperImage: string | undefined,
): Promise<void> {
  const { env } = process;
  env.DOCKER_HOST = engine.address.dockerHost;
  env.TESTCONTAINERS_HOST_OVERRIDE = '127.0.0.1';
  delete env.TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX;
  if (process.platform !== 'linux') env.TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE ??= socketInsideDesktop;
  env.TESTCONTAINERS_RYUK_RECONNECTION_TIMEOUT ??= reaperPatience;
  // Testcontainers shares a running reaper, which removes nothing while any of its clients lives: a killed mall's
  // containers would stay for as long as another mall runs. One with this label is shared with nobody.
  env.TESTCONTAINERS_RYUK_TEST_LABEL = 'true';
  if (reaperImage === undefined) env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  else env.RYUK_CONTAINER_IMAGE = reaperImage;
  try {
    // Containers that are started side by side would each start one of their own.
    await getReaper(await getContainerRuntimeClient());
  } catch (cause) {
    throw new InfrastructureError('The reaper of the containers could not be started in Docker.', {
      cause,
      next: '`docker logs` of it may show why; `mall up --infra embedded` needs no Docker',
    });
  }
}
