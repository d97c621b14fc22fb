import type { Extras } from '../../containers/docker/extras/extras.ts';
import type { MallContainer, ServerState } from '../malls/state.ts';

/** The database and broker a mall runs on. */
export interface Infrastructure {
  readonly kind: 'docker' | 'embedded' | 'external';
  readonly postgresUrl: string;
  readonly natsUrl: string;
  /** What each has on disk when the machine crashes. */
  readonly durability: { readonly postgres: string; readonly nats: string };
  /** The servers that came with the mall; undefined when they are somebody else's. */
  readonly servers: { readonly postgres: ServerState; readonly nats: ServerState } | undefined;
  /** Calls back whenever `servers` is another. */
  watch?(changed: () => void): void;
  /** What runs in containers of the mall's own by now. */
  containers(): readonly MallContainer[];
  /** What it is watched with, where that came along. */
  readonly extras: Extras | undefined;
  /** Resolves with a sentence when a server of ours ends for good; never for somebody else's. */
  readonly ended: Promise<string>;
  /** Stops our servers in order, naming each step. */
  stop(step: (text: string) => void): Promise<void>;
  /** Cuts a stop short. Nothing committed is lost; the next start takes longer. */
  hurry(): void;
}
