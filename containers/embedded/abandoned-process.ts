import { z } from 'zod';
import { CARETAKER, type Entrusted, entrust } from './caretaker.ts';
import { childrenOf, commandLine, signalQuietly, startToken } from './processes.ts';
import { programBeside } from './program-beside.ts';

const shape = z.object({ pid: z.number(), token: z.string(), group: z.boolean() });

export interface EntrustOptions {
  /** Whether it leads a group, which ends with it; else what it has started does, and what that has started. */
  readonly group: boolean;
}

/** Has a process that this one has started end with it. */
export function entrustProcess(pid: number | undefined, { group }: EntrustOptions): Entrusted {
  const token = pid === undefined ? undefined : startToken(pid);
  // It has ended already.
  if (token === undefined) return { release: () => undefined };
  const program = programBeside(import.meta.url, 'abandoned-process');
  return entrust({ program, about: { pid, token, group } });
}

/** What the caretaker does: ends the process, unless its id has been given to another. */
export default async function endProcess(about: unknown): Promise<void> {
  const { pid, token, group } = shape.parse(about);
  if (startToken(pid) !== token) return;
  if (group) signalQuietly(-pid, 'SIGKILL');
  else endWithChildren(pid);
}

/** Somebody's who is being ended: it has what that one has entrusted to it still to see to. */
function isCaretaker(pid: number): boolean {
  return commandLine(pid)?.includes(CARETAKER) === true;
}

/** It is halted first, so that it starts nothing while its children are looked for. */
function endWithChildren(pid: number): void {
  signalQuietly(pid, 'SIGSTOP');
  for (const child of childrenOf(pid)) if (!isCaretaker(child)) endWithChildren(child);
  signalQuietly(pid, 'SIGKILL');
}
