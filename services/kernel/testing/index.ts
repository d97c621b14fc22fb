/** Support for integration tests: contexts on real servers, driven through their doors and the broker. */
export { eventually } from './eventually.ts';
export { Person, testSecret } from './person.ts';
export { standIn } from './stand-in.ts';
export type { RecordedMessage } from './stream-recorder.ts';
export {
  type Answer,
  type Reply,
  refusalOf,
  startTestProcess,
  type TestProcess,
  type TestProcessOptions,
} from './test-process.ts';
