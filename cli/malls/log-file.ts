import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const chunkBytes = 64 * 1024;
/** Watching files misses changes on some file systems; asking for the size this often costs nothing. */
const pollMs = 150;

/** The last lines of a file, read from its end, and where they end. A file that is not there has none. */
export function lastLines(path: string, count: number): { lines: string[]; end: number } {
  if (!existsSync(path)) return { lines: [], end: 0 };
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    let [start, text] = [size, Buffer.alloc(0)];
    while (start > 0 && lineBreaks(text) <= count) {
      const length = Math.min(chunkBytes, start);
      start -= length;
      text = Buffer.concat([readAt(file, { start, length }), text]);
    }
    const complete = text.subarray(0, text.lastIndexOf(0x0a) + 1);
    const lines = complete.toString('utf8').split('\n').slice(0, -1);
    return { lines: count === 0 ? [] : lines.slice(-count), end: start + complete.length };
  } finally {
    closeSync(file);
  }
}

export interface LogFollower {
  stop(): void;
}

/**
 * Hands on each line as it is written, from a position on. A file that is not there yet is waited for; one that
 * is replaced or cut is read from its beginning.
 */
export function logFollower(follow: {
  path: string;
  from: number;
  onLine: (line: string) => void;
}): LogFollower {
  let position = follow.from;
  let inode = statSync(follow.path, { throwIfNoEntry: false })?.ino;
  let decoder = new StringDecoder('utf8');
  let unfinished = '';
  const read = () => {
    const now = statSync(follow.path, { throwIfNoEntry: false });
    if (now === undefined) return;
    if (now.ino !== inode || now.size < position) {
      [position, inode, decoder, unfinished] = [0, now.ino, new StringDecoder('utf8'), ''];
    }
    if (now.size === position) return;
    const added = decoder.write(readPart(follow.path, { start: position, length: now.size - position }));
    position = now.size;
    const lines = `${unfinished}${added}`.split('\n');
    unfinished = lines.pop() ?? '';
    for (const line of lines) follow.onLine(line);
  };
  const timer = setInterval(read, pollMs);
  return { stop: () => clearInterval(timer) };
}

function readPart(path: string, part: { start: number; length: number }): Buffer {
  const file = openSync(path, 'r');
  try {
    return readAt(file, part);
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, { start, length }: { start: number; length: number }): Buffer {
  const buffer = Buffer.alloc(length);
  const read = readSync(file, buffer, 0, length, start);
  return buffer.subarray(0, read);
}

function lineBreaks(text: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(0x0a); at !== -1; at = text.indexOf(0x0a, at + 1)) count++;
  return count;
}
