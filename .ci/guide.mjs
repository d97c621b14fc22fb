/**
 * Does what a guide says, in the current folder: each fenced block that names a file writes it, a `diff` block adds its
 * lines to the file where the others stand, an `sh` block is run line by line. Ends with the first that does not go.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** @param {string} file @param {string} text */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Lines with ` ` must follow each other in the file, once; those with `+` come between them. @param {string} file */
function edit(file, /** @type {string} */ diff) {
  const lines = diff.trimEnd().split('\n');
  const kept = lines.filter((line) => line.startsWith(' ')).map((line) => `${line.slice(1)}\n`);
  const before = kept.join('');
  const parts = `\n${readFileSync(file, 'utf8')}`.split(`\n${before}`);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places like this:\n${before}`);
  const after = lines.map((line) => `${line.slice(1)}\n`).join('');
  writeFileSync(file, parts.join(`\n${after}`).slice(1));
}

/** @param {string} commands */
function run(commands) {
  for (const line of commands.trimEnd().split('\n')) {
    process.stdout.write(`\n$ ${line}\n`);
    const { status } = spawnSync('bash', ['-euo', 'pipefail', '-c', line], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`exit code ${status}: ${line}`);
  }
}

const [guide = ''] = process.argv.slice(2);
const blocks = readFileSync(guide, 'utf8').matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms);
try {
  for (const [, language = '', file, text = ''] of blocks) {
    if (language === 'sh') run(text);
    else if (file === undefined) continue;
    else if (language === 'diff') edit(file, text);
    else write(file, text);
  }
} catch (error) {
  process.stderr.write(`${guide}: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
