import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A copy of all that belongs to a tree, committed or not, beside the packages and tools that are there already; to be
 * removed.
 */
export function copyOfTree(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'mall-breaks-'));
  execFileSync('chmod', ['755', copy]);
  const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  }).split('\0');
  for (const file of files.filter((each) => each !== '')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, '.mall'));
  const tools = join(root, '.mall/tools');
  if (existsSync(tools)) symlinkSync(tools, join(copy, '.mall/tools'));
  return copy;
}
