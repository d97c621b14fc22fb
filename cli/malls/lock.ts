import { randomUUID } from 'node:crypto';
import { constants, copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { errorCode, isAlive, startToken } from '../../containers/embedded/index.ts';
import { readJsonFile } from './json-file.ts';

const pollMs = 20;
/** A lock without content was made an instant ago by a process that is about to fill it, or was killed then. */
const emptyLockPatienceMs = 1_000;

const lockShape = z.object({ pid: z.number(), startToken: z.string().optional(), nonce: z.string() });
export type LockHolder = z.output<typeof lockShape>;

export interface Lock {
  release(): void;
}

/** The living process that holds a lock. A recorded id that another process has by now does not count. */
export function lockHolder(path: string): LockHolder | undefined {
  const holder = readJsonFile(path, lockShape);
  return holder !== undefined && lives(holder) ? holder : undefined;
}

/**
 * Takes a lock by making its file; one that a killed process has left is taken over.
 * @returns the lock, or the process that holds it
 */
export async function takeLock(path: string): Promise<{ lock: Lock } | { heldBy: LockHolder }> {
  const nonce = randomUUID();
  const content = JSON.stringify({ pid: process.pid, startToken: startToken(process.pid), nonce });
  for (;;) {
    if (create(path, content)) return { lock: { release: () => release(path, nonce) } };
    const found = await readLock(path);
    if (found !== undefined && lives(found)) return { heldBy: found };
    setAside(path, found?.nonce);
  }
}

/** Takes a lock that is only ever held for moments, waiting for it. @throws after the given time */
export async function awaitLock(path: string, withinMs: number): Promise<Lock> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const taken = await takeLock(path);
    if ('lock' in taken) return taken.lock;
    if (performance.now() > deadline) throw new Error(`${path} is held by process ${taken.heldBy.pid}`);
    await pause(pollMs);
  }
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readLock(path: string): Promise<LockHolder | undefined> {
  const deadline = performance.now() + emptyLockPatienceMs;
  for (;;) {
    const found = readJsonFile(path, lockShape);
    if (found !== undefined || performance.now() > deadline) return found;
    await pause(pollMs);
  }
}

/**
 * Moves a stale lock out of the way. Should another process have replaced it in this instant by a lock of its
 * own, that is put back.
 */
function setAside(path: string, staleNonce: string | undefined): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = readJsonFile(aside, lockShape);
  if (moved !== undefined && moved.nonce !== staleNonce) putBack(aside, path);
  rmSync(aside, { force: true });
}

function putBack(aside: string, path: string): void {
  try {
    copyFileSync(aside, path, constants.COPYFILE_EXCL);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

function release(path: string, nonce: string): void {
  if (readJsonFile(path, lockShape)?.nonce === nonce) rmSync(path, { force: true });
}

function lives(holder: LockHolder): boolean {
  return isAlive(holder.pid) && startToken(holder.pid) === holder.startToken;
}
