import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const chunkBytes = 64 * 1024;
/** Watching files misses changes on some file systems; asking for the size this often costs nothing. */
const pollMs = 150;

/**
 * The last lines of a file that are wanted, and where the last complete one of all ends. A file that is not there has
 * none.
 */
export function lastLines(
  path: string,
  count: number,
  wanted: (line: string) => boolean = () => true,
): { lines: string[]; end: number } {
  if (!existsSync(path)) return { lines: [], end: 0 };
  const file = openSync(path, 'r');
  try {
    const lines: string[] = [];
    let end = 0;
    for (const line of linesFromEnd(file)) {
      if (end === 0) end = line.end;
      if (lines.length === count) break;
      if (wanted(line.text)) lines.push(line.text);
    }
    return { lines: lines.reverse(), end };
  } finally {
    closeSync(file);
  }
}

/** The complete lines of a file, the last one first, each with where it ends. */
function* linesFromEnd(file: number): Generator<{ readonly text: string; readonly end: number }> {
  let start = fstatSync(file).size;
  let unread = Buffer.alloc(0);
  let isCut = false;
  for (;;) {
    // What is before the last line break, or nothing more, begins the last line.
    const before = unread.length < 2 ? -1 : unread.lastIndexOf(0x0a, unread.length - 2);
    if (isCut && unread.length > 0 && (before !== -1 || start === 0)) {
      yield { text: unread.toString('utf8', before + 1, unread.length - 1), end: start + unread.length };
      unread = unread.subarray(0, before + 1);
    } else if (start === 0) {
      return;
    } else {
      const length = Math.min(chunkBytes, start);
      start -= length;
      unread = Buffer.concat([readAt(file, { start, length }), unread]);
      if (isCut) continue;
      // An unfinished line waits for its end.
      const end = unread.lastIndexOf(0x0a) + 1;
      isCut = end > 0;
      unread = isCut ? unread.subarray(0, end) : unread;
    }
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
