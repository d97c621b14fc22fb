import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/* Documents lie where their subject lies, and lead only to what is there. */
const root = fileURLToPath(new URL('../', import.meta.url));
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const guides = files.filter((file) => file.endsWith('.md'));

/** Parts that need no words of their own: generated code, tables of a context, what its tests share, one file each. */
const parts =
  /^proto\/.|(^|\/)(migrations|testing)$|^features\/[^/]+$|\/(kubernetes|toolchain|offline|grafana|example)\//;
const code = /\.(ts|mjs|sh|ya?ml|conf|sql|tf)$/;

/** Whether the nearest README above tells of the folder by its name. */
function told(folder: string): boolean {
  for (let at = dirname(folder); ; at = dirname(at)) {
    const file = join(at, 'README.md');
    if (files.includes(file)) return read(file).includes(basename(folder));
    if (at === '.') return false;
  }
}

test('every folder of code has its README, or is a part that the one above tells of', () => {
  const folders = new Set(files.filter((file) => code.test(file)).map(dirname));
  const bare = [...folders].filter(
    (folder) => !files.includes(join(folder, 'README.md')) && !(parts.test(folder) || told(folder)),
  );
  assert.deepEqual(bare, []);
});

describe('what documents link to is there', () => {
  const links = /\]\(((?!https?:|mailto:)[^)\s]+)\)|(?:src|srcset)="((?!https?:)[^"]+)"/g;
  for (const guide of guides) {
    test(guide, () => {
      const text = read(guide).replaceAll(/^```.*?^```$/gms, '');
      for (const [, link = '', source = ''] of text.matchAll(links)) {
        const [path = '', anchor] = (link || source).split('#');
        const target = path === '' ? join(root, guide) : resolve(root, dirname(guide), path);
        assert.ok(existsSync(target), `${guide} leads to ${path}, which is not there`);
        if (anchor !== undefined)
          assert.ok(anchors(target).includes(anchor), `${guide}: no #${anchor} there`);
      }
    });
  }
});

/** The anchors of a document's headings, as GitHub makes them. */
function anchors(target: string): string[] {
  const file = existsSync(join(target, 'README.md')) ? join(target, 'README.md') : target;
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
