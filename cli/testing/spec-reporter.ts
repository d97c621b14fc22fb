import { Readable } from 'node:stream';
import { spec, type TestEvent } from 'node:test/reporters';
import { testsThatRan } from './tests-that-ran.ts';

/** Node's reporter for people, of the tests that ran. */
export default async function* specReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  yield* Readable.from(testsThatRan(events)).pipe(new spec());
}
