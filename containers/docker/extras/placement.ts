import type { EngineFacts } from '../engine.ts';

/**
 * How the mall and a container that has to reach it meet. On a Linux engine the container shares the machine's
 * network and listens on loopback itself; where containers run in a virtual machine its ports are published on
 * loopback, and the machine has a name.
 */
export interface Placement {
  readonly sharesNetwork: boolean;
  /** The address a container's server listens on. */
  readonly listenHost: string;
  /** What containers call the machine's loopback. */
  readonly machine: string;
}

/** Undefined where containers cannot reach the machine's loopback at all: a rootless engine keeps them from it. */
export function placementOn({ desktop, rootless }: EngineFacts): Placement | undefined {
  if (desktop) return { sharesNetwork: false, listenHost: '0.0.0.0', machine: 'host.docker.internal' };
  if (rootless) return undefined;
  return { sharesNetwork: true, listenHost: '127.0.0.1', machine: '127.0.0.1' };
}
