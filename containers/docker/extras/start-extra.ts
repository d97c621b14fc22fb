import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import type { DockerEngine } from '../engine.ts';
import { folderLabel } from '../mall-containers.ts';
import { onLoopback, toLogFile } from '../running-container.ts';
import { untilReady } from '../until-ready.ts';
import { type ExtraPlan, extraTitles } from './extra.ts';

const probeWithinMs = 2_000;

class ExtraContainer extends GenericContainer {
  readonly #plan: ExtraPlan;

  constructor(plan: ExtraPlan) {
    super(plan.image);
    this.#plan = plan;
    if (plan.published === undefined) this.withNetworkMode('host');
    else this.withExposedPorts(...Object.keys(plan.published).map(Number));
  }

  protected override async beforeContainerCreated(): Promise<void> {
    if (this.#plan.published === undefined) return;
    this.hostConfig.PortBindings = onLoopback(this.#plan.published);
  }
}

export interface ExtraStart {
  readonly engine: DockerEngine;
  readonly plan: ExtraPlan;
  readonly folder: string;
  readonly logFile: string;
  readonly signal: AbortSignal;
}

/** Starts one extra. It may take a while after this until it is ready: {@link untilExtraIsReady}. */
export async function startExtra({ plan, folder, logFile }: ExtraStart): Promise<StartedTestContainer> {
  const container = new ExtraContainer(plan)
    .withEnvironment({ ...plan.environment })
    .withCopyContentToContainer(plan.files.map((file) => ({ ...file, mode: 0o644 })))
    .withLabels({ [folderLabel]: folder })
    .withLogConsumer(toLogFile(logFile))
    .withWaitStrategy(Wait.forAll([]));
  if (plan.command.length > 0) container.withCommand([...plan.command]);
  return container.start();
}

/** @throws InfrastructureError when it ends instead, or takes too long */
export async function untilExtraIsReady(start: ExtraStart, container: StartedTestContainer): Promise<void> {
  const { plan } = start;
  await untilReady({
    ...start,
    id: container.getId(),
    title: extraTitles[plan.name],
    probe: async () => {
      const response = await fetch(plan.readyUrl, { signal: AbortSignal.timeout(probeWithinMs) });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${plan.readyUrl} answers ${response.status}`);
    },
  });
}
