import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { Care, CaretakerNews } from './caretaker.ts';

/*
 * Waits until the process that has started it is gone, which closes their pipe, and sees to what that has left.
 */

const cares = new Map<number, Care>();
for await (const line of createInterface({ input: process.stdin })) {
  const news: CaretakerNews = JSON.parse(line);
  if ('released' in news) cares.delete(news.id);
  else cares.set(news.id, news);
}
for (const { program, about } of [...cares.values()].reverse()) {
  try {
    const care: { default(about: unknown): Promise<void> } = await import(pathToFileURL(program).href);
    await care.default(about);
  } catch {
    // Nobody is left to be told; the others are seen to all the same.
  }
}
