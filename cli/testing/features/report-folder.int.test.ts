import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ReportFolder } from './report-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'mall-reports-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('what failed is run again by the next run that asks for it', () => {
  const first = new ReportFolder(join(folder, 'runs'), 'first');
  const { html = '', junit = '' } = first.prepare();
  assert.deepEqual([html, junit], [join(first.path, 'report.html'), join(first.path, 'junit.xml')]);
  assert.ok(existsSync(first.path));
  first.rememberFailures(['a.feature:3', 'b.feature:7']);
  const second = new ReportFolder(join(folder, 'runs'), 'second');
  assert.deepEqual(second.lastFailures(), ['a.feature:3', 'b.feature:7']);
});

test('where nothing failed there is nothing to run again', () => {
  const clean = new ReportFolder(join(folder, 'clean'), 'run');
  clean.prepare();
  assert.throws(() => clean.lastFailures(), /Nothing is known to have failed the last time/);
  clean.rememberFailures([]);
  assert.throws(() => clean.lastFailures(), /Nothing is known to have failed the last time/);
});

test('a folder that cannot be written is told before anything runs', () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  assert.throws(() => new ReportFolder(join(file, 'reports'), 'run').prepare(), {
    message: `--reports ${join(file, 'reports')} cannot be written (ENOTDIR).`,
    exitCode: 4,
  });
});
