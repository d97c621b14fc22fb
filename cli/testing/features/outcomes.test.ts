import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScenarioOutcome } from './job.ts';
import { type Envelope, Outcomes } from './outcomes.ts';

const at = (seconds: number) => ({ seconds, nanos: 0 });
const result = (status: string, message?: string) => ({
  duration: at(0),
  status,
  ...(message !== undefined && { exception: { type: 'Error', message } }),
});

/** What cucumber tells of one scenario with one step, run as often as there are results. */
function story(...results: ReturnType<typeof result>[]): Envelope[] {
  const told: object[] = [
    { gherkinDocument: { uri: 'a.feature', feature: { name: 'A feature' }, comments: [] } },
    {
      pickle: {
        id: 'p',
        uri: 'a.feature',
        location: { line: 7 },
        name: 'A scenario',
        steps: [{ id: 's', text: 'a step', astNodeIds: [] }],
      },
    },
    { testCase: { id: 'c', pickleId: 'p', testSteps: [{ id: 't', pickleStepId: 's' }] } },
  ];
  results.forEach((testStepResult, attempt) => {
    const testCaseStartedId = `run ${attempt}`;
    const willBeRetried = attempt < results.length - 1;
    told.push(
      { testCaseStarted: { id: testCaseStartedId, testCaseId: 'c', attempt, timestamp: at(1) } },
      { testStepFinished: { testCaseStartedId, testStepId: 't', testStepResult, timestamp: at(2) } },
      { testCaseFinished: { testCaseStartedId, willBeRetried, timestamp: at(3) } },
    );
  });
  // Only what is looked at is there.
  return told as Envelope[];
}

function outcomesOf(told: readonly Envelope[]): ScenarioOutcome[] {
  const outcomes = new Outcomes();
  return told.flatMap((envelope) => outcomes.take(envelope) ?? []);
}

test('a scenario that passed', () => {
  assert.deepEqual(outcomesOf(story(result('PASSED'))), [
    {
      feature: 'A feature',
      scenario: 'A scenario',
      place: 'a.feature:7',
      status: 'passed',
      reason: '',
      attempts: 1,
      ms: 2_000,
    },
  ]);
});

test('a failure says which step and why, without the stack', () => {
  const [outcome] = outcomesOf(story(result('FAILED', 'waited 5 s\n    at somewhere')));
  assert.deepEqual([outcome?.status, outcome?.reason], ['failed', 'a step: waited 5 s']);
});

test('a step that nobody has written fails', () => {
  const [outcome] = outcomesOf(story(result('UNDEFINED')));
  assert.deepEqual([outcome?.status, outcome?.reason], ['failed', 'a step: no step is written for this']);
});

test('a scenario that is tried again counts once, as it ended', () => {
  const outcomes = outcomesOf(story(result('FAILED', 'late'), result('PASSED')));
  assert.deepEqual(
    outcomes.map(({ status, attempts }) => [status, attempts]),
    [['passed', 2]],
  );
});
