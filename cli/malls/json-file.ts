import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { z } from 'zod';

/** Reads a JSON file of a known shape; undefined when there is none or it holds something else. */
export function readJsonFile<T>(path: string, shape: z.ZodType<T>): T | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  const parsed = shape.safeParse(content);
  return parsed.success ? parsed.data : undefined;
}

/** Writes a JSON file so that readers see the old content or the new, never half of it. */
export function writeJsonFile(path: string, content: unknown): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(unfinished, path);
}
