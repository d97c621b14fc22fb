import { existsSync } from 'node:fs';
import { type MallFolders, mallFolders, mallNames } from './folders.ts';
import { lockHolder } from './lock.ts';
import { type MallState, readState } from './state.ts';

/**
 * How a mall is: `starting`, `ready` and `stopping` have a living process; a `killed` one has lost it and may have
 * left servers running; a `stopped` one has only data.
 */
export type MallPhase = MallState['phase'] | 'killed' | 'stopped';

export interface MallEntry {
  readonly name: string;
  readonly folders: MallFolders;
  readonly phase: MallPhase;
  /** The process that runs it, when one does. */
  readonly pid: number | undefined;
  readonly state: MallState | undefined;
}

/** Looks one mall up, whether or not there is one of that name. */
export function findMall(home: string, name: string): MallEntry {
  const folders = mallFolders(home, name);
  const holder = lockHolder(folders.lock);
  const state = readState(folders.state);
  if (holder !== undefined) {
    const own = state?.pid === holder.pid ? state : undefined;
    return { name, folders, phase: own?.phase ?? 'starting', pid: holder.pid, state: own };
  }
  const killed = existsSync(folders.state) || existsSync(folders.lock);
  return { name, folders, phase: killed ? 'killed' : 'stopped', pid: undefined, state };
}

/** Every mall of a home. */
export function listMalls(home: string): MallEntry[] {
  return mallNames(home).map((name) => findMall(home, name));
}

/** How a mall is, as the end of a sentence: `is not running`. */
export function phaseSaid(phase: MallPhase): string {
  if (phase === 'stopped') return 'is not running';
  return phase === 'killed' ? 'was killed' : `is ${phase}`;
}

/** Whether a process runs this mall. */
export function isRunning(mall: MallEntry): mall is MallEntry & { readonly pid: number } {
  return mall.pid !== undefined;
}
