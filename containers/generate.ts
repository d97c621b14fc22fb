import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contextNames } from '../proto/contexts.ts';
import { restRoutes } from '../proto/rest-routes.ts';
import { contextFiles, contextParts, type Names } from './context-parts.ts';

/*
 * Writes what files of this folder say of each context: their parts between "generated from proto/contexts.ts" and
 * "end of", and files of one context each. With --check it writes nothing and exits 1 naming each file that differs.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

const names: Names = {
  contexts: contextNames,
  withDoor: contextNames.filter((context) =>
    restRoutes().some(({ path }) => path.startsWith(`/api/${context}/`) || path === `/api/${context}`),
  ),
};

/** A file with its parts written anew. @throws Error where it has no place for one of them */
function withParts(file: string, parts: (typeof contextParts)[string]): string {
  let text = readFileSync(join(root, file), 'utf8');
  for (const [name, lines] of Object.entries(parts)) {
    const [begin, end] = [`# generated from proto/contexts.ts: ${name}\n`, `# end of ${name}\n`];
    const [before, rest] = halves(text, begin, file);
    const [old, after] = halves(rest, end, file);
    const indent = old.slice(old.lastIndexOf('\n') + 1);
    text = `${before}${begin}${lines(names).join('\n')}\n${indent}${end}${after}`;
  }
  return text;
}

function halves(text: string, mark: string, file: string): [string, string] {
  const at = text.indexOf(mark);
  if (at === -1) throw new Error(`${file} has no line "${mark.trim()}"`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

/** Every file, as it should be. */
function generated(): Map<string, string> {
  const parts = Object.entries(contextParts).map(([file, each]) => [file, withParts(file, each)] as const);
  const whole = Object.entries(contextFiles).flatMap(([file, lines]) =>
    names.contexts.map(
      (context) => [file.replace('<context>', context), `${lines(context).join('\n')}\n`] as const,
    ),
  );
  return new Map([...parts, ...whole]);
}

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const differing = [...generated()].filter(([file, text]) => {
    const path = join(root, file);
    return !existsSync(path) || readFileSync(path, 'utf8') !== text;
  });
  if (values.check) {
    for (const [file] of differing) process.stdout.write(`${file}\n`);
    if (differing.length === 0) return 0;
    process.stderr.write('what containers say of the contexts is not so; run: npm run generate\n');
    return 1;
  }
  for (const [file, text] of differing) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  process.stderr.write(`containers: ${differing.length} files changed\n`);
  return 0;
}

process.exitCode = main();
