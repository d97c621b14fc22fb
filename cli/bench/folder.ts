import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makeEnterable } from '../../containers/embedded/index.ts';

/** Makes an empty folder to measure in, below another; its name is none a mall can have. */
export function benchFolder(parent: string): string {
  const folder = join(parent, `.bench-${process.pid}-${randomBytes(3).toString('hex')}`);
  makeEnterable(folder);
  return folder;
}
