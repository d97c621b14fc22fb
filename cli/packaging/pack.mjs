/**
 * Before `npm pack`: JavaScript beside each TypeScript file, since Node strips no types below node_modules, and the
 * package has the same layout as the repository; and its types, of which the package takes those of mall/features.
 * After it: none of that is left.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folders = ['cli', 'services', 'containers', 'proto', 'pacts', 'features'];

if (process.argv[2] === 'build') build();
else clean();

function build() {
  clean();
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  const tsc = join(dirname(manifest), 'bin', 'tsc');
  try {
    execFileSync(process.execPath, [tsc, '--project', join(root, 'cli/packaging')], { stdio: 'inherit' });
  } catch {
    clean();
    process.stderr.write('pack: TypeScript could not be turned into JavaScript; the reason stands above.\n');
    process.exit(1);
  }
}

/** What was built is what has a TypeScript file of the same name beside it. */
function clean() {
  for (const folder of folders) {
    const files = new Set(readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }));
    for (const file of files) {
      const built = /\.(js|d\.ts)$/.test(file) && files.has(file.replace(/(js|d\.ts)$/, 'ts'));
      if (built) rmSync(join(root, folder, file));
    }
  }
}
