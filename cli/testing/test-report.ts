import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const shape = z.object({
  success: z.boolean(),
  tests: z.number(),
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  cancelled: z.number(),
  durationMs: z.number(),
  failures: z.array(z.object({ name: z.string(), file: z.string().optional(), message: z.string() })),
});

/** What Node's test runner has to tell, as `mall test --json` shows it. */
export type TestReport = z.output<typeof shape>;

/** Of a run that came to no end. */
const untold: TestReport = {
  ...{ success: false, tests: 0, passed: 0, failed: 0, skipped: 0, cancelled: 0, durationMs: 0 },
  failures: [],
};

/** Reads what the reporter has written; a runner that was ended has written nothing. */
export function readTestReport(file: string): TestReport {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text === '' ? untold : shape.parse(JSON.parse(text));
}
