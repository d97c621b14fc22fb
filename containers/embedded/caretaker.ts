import { type ChildProcess, spawn } from 'node:child_process';
import { programBeside } from './program-beside.ts';

/** Something that must not outlive this process. */
export interface Entrusted {
  /** For when it has been seen to: the caretaker forgets it. */
  release(): void;
}

export interface Care {
  /** A module whose default export does what is to be done: see {@link programBeside}. */
  readonly program: string;
  /** What that is given; JSON. */
  readonly about: unknown;
}

/** One line of what the caretaker is told. */
export type CaretakerNews = { readonly id: number } & (Care | { readonly released: true });

/** The program of the process that takes care. */
export const CARETAKER = 'caretaker-process';

let caretaker: ChildProcess | undefined;
let entrusted = 0;

/**
 * Has something done once this process is gone, however it went: also when it was killed and can do nothing itself.
 * That is the work of a small process of its own, which lives as long as this one and hears of its end by their
 * pipe. What was entrusted last is seen to first.
 */
export function entrust(care: Care): Entrusted {
  const id = entrusted++;
  tell({ id, ...care });
  return { release: () => tell({ id, released: true }) };
}

function tell(news: CaretakerNews): void {
  caretaker ??= startCaretaker();
  caretaker.stdin?.write(`${JSON.stringify(news)}\n`);
}

function startCaretaker(): ChildProcess {
  const child = spawn(process.execPath, [programBeside(import.meta.url, CARETAKER)], {
    cwd: '/',
    // A group of its own: what ends this one's group does not end it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Nothing may wait for it, and where it cannot be had this process has only itself.
  child.once('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}
