import { resolve } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

/**
 * The events of Node's test runner without those that are about no test: it tells a file none of whose tests was
 * run, as where no name matches, as a test that passed.
 */
export async function* testsThatRan(events: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  let empty = 0;
  let begun: TestEvent | undefined;
  for await (const event of events) {
    if (event.type === 'test:start' && standsForFile(event.data)) {
      begun = event;
      continue;
    }
    if (begun !== undefined && event.type === 'test:pass' && standsForFile(event.data)) {
      begun = undefined;
      empty += 1;
      continue;
    }
    if (begun !== undefined) yield begun;
    begun = undefined;
    yield without(empty, event);
  }
}

function standsForFile({ name, file, nesting }: { name: string; file?: string; nesting: number }): boolean {
  return nesting === 0 && file !== undefined && resolve(name) === file;
}

/** Counts of the whole run as they are without some that passed. */
function without(empty: number, event: TestEvent): TestEvent {
  if (event.type === 'test:summary' && event.data.file === undefined) {
    const { tests, passed, topLevel, ...others } = event.data.counts;
    const counts = { ...others, tests: tests - empty, passed: passed - empty, topLevel: topLevel - empty };
    return { ...event, data: { ...event.data, counts } };
  }
  if (event.type === 'test:diagnostic' && event.data.nesting === 0) {
    const [, what, count] = /^(tests|pass) (\d+)$/.exec(event.data.message) ?? [];
    if (what === undefined) return event;
    return { ...event, data: { ...event.data, message: `${what} ${Number(count) - empty}` } };
  }
  return event;
}
