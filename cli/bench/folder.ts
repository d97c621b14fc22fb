import { scratchFolder } from '../malls/scratch-folder.ts';

/** Makes an empty folder to measure in, below another. @throws CliError (4) */
export function benchFolder(parent: string): string {
  return scratchFolder(parent, 'bench');
}
