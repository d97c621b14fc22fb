import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CliError } from '../cli-error.ts';
import { prepareFile, prepareFolder } from './report-place.ts';

const folder = mkdtempSync(join(tmpdir(), 'mall-place-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'a-file');
writeFileSync(file, 'as it was');

function refusal(work: () => void): { message: string; cause: string; exitCode: number } {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof CliError && error.cause instanceof Error);
    return { message: error.message, cause: error.cause.message, exitCode: error.exitCode };
  }
  return assert.fail('it was not refused');
}

test('a folder below a file is refused with the flag, the path and the reason', () => {
  const path = join(file, 'reports');
  const { message, cause, exitCode } = refusal(() => prepareFolder({ flag: '--reports', path }));
  assert.deepEqual([message, exitCode], [`--reports ${path} cannot be written (ENOTDIR).`, 4]);
  assert.match(cause, new RegExp(`^ENOTDIR.*${path}`));
  assert.equal(refusal(() => prepareFolder({ flag: '--reports', path: file })).cause, `${file} is a file`);
});

test('below /proc, where nothing can be made, it is refused and not tried for ever', {
  skip: !existsSync('/proc/self') && 'there is no /proc here',
}, () => {
  const path = '/proc/mall-nowhere/deeper/report.html';
  const { message, cause } = refusal(() => prepareFile({ flag: '--html', path }));
  assert.equal(message, `--html ${path} cannot be written (ENOENT).`);
  assert.match(cause, /^ENOENT.*'\/proc\/mall-nowhere'$/);
});

test('a folder where a file is to be is refused', () => {
  const path = join(folder, 'a-folder');
  mkdirSync(path);
  assert.equal(
    refusal(() => prepareFile({ flag: '--json', path })).message,
    `--json ${path} cannot be written (it is a folder).`,
  );
});

test('what can be written is left as it was, with the folders made', () => {
  prepareFile({ flag: '--html', path: file });
  prepareFile({ flag: '--html', path: join(folder, 'new', 'deep', 'report.html') });
  assert.equal(readFileSync(file, 'utf8'), 'as it was');
  assert.deepEqual(readdirSync(join(folder, 'new', 'deep')), []);
});
