import type { TestEvent } from 'node:test/reporters';
import type { TestReport } from './test-report.ts';
import { testsThatRan } from './tests-that-ran.ts';

/** A reporter for Node's test runner that writes one {@link TestReport} when all tests have run. */
export default async function* jsonReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const failures: TestReport['failures'] = [];
  let summary = { success: true, tests: 0, passed: 0, failed: 0, skipped: 0, cancelled: 0, durationMs: 0 };
  for await (const event of testsThatRan(events)) {
    if (event.type === 'test:fail' && event.data.details.type !== 'suite') {
      const { name, file, details } = event.data;
      failures.push({
        name,
        file,
        message: details.error.cause instanceof Error ? details.error.cause.message : details.error.message,
      });
    }
    if (event.type === 'test:summary' && event.data.file === undefined) {
      const { counts, success, duration_ms: durationMs } = event.data;
      const { tests, passed, skipped, cancelled } = counts;
      summary = {
        success,
        tests,
        passed,
        failed: tests - passed - skipped - cancelled - counts.todo,
        skipped,
        cancelled,
        durationMs,
      };
    }
  }
  const report: TestReport = { ...summary, failures };
  yield JSON.stringify(report);
}
