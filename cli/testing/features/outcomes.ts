import type { runCucumber } from '@cucumber/cucumber/api';
import type { ScenarioOutcome } from './job.ts';

/** One of cucumber's messages: https://github.com/cucumber/messages. */
export type Envelope = Parameters<NonNullable<Parameters<typeof runCucumber>[2]>>[0];
type Pickle = NonNullable<Envelope['pickle']>;
type TestCase = NonNullable<Envelope['testCase']>;
type StepFinished = NonNullable<Envelope['testStepFinished']>;

interface RunningCase {
  readonly pickle: Pickle;
  readonly testCase: TestCase;
  readonly attempt: number;
  readonly startedMs: number;
  readonly steps: StepFinished[];
}

/** Puts cucumber's messages together to what became of each scenario. */
export class Outcomes {
  readonly #features = new Map<string, string>();
  readonly #pickles = new Map<string, Pickle>();
  readonly #cases = new Map<string, TestCase>();
  readonly #running = new Map<string, RunningCase>();

  /** Takes the next message; answers a scenario's outcome when it is the one that ends it for good. */
  take(envelope: Envelope): ScenarioOutcome | undefined {
    const { gherkinDocument, pickle, testCase, testCaseStarted, testStepFinished, testCaseFinished } =
      envelope;
    if (gherkinDocument) this.#features.set(gherkinDocument.uri ?? '', gherkinDocument.feature?.name ?? '');
    if (pickle) this.#pickles.set(pickle.id, pickle);
    if (testCase) this.#cases.set(testCase.id, testCase);
    if (testCaseStarted) this.#started(testCaseStarted);
    if (testStepFinished) this.#running.get(testStepFinished.testCaseStartedId)?.steps.push(testStepFinished);
    if (testCaseFinished) return this.#finished(testCaseFinished);
    return undefined;
  }

  #started({ id, testCaseId, attempt, timestamp }: NonNullable<Envelope['testCaseStarted']>): void {
    const testCase = this.#cases.get(testCaseId);
    const pickle = testCase && this.#pickles.get(testCase.pickleId);
    if (!testCase || !pickle) return;
    this.#running.set(id, { pickle, testCase, attempt, startedMs: millis(timestamp), steps: [] });
  }

  #finished(event: NonNullable<Envelope['testCaseFinished']>): ScenarioOutcome | undefined {
    const running = this.#running.get(event.testCaseStartedId);
    this.#running.delete(event.testCaseStartedId);
    if (running === undefined || event.willBeRetried) return undefined;
    const { pickle, testCase, attempt, startedMs, steps } = running;
    const fault = steps.find(({ testStepResult: { status } }) => status !== 'PASSED' && status !== 'SKIPPED');
    const skipped = steps.some(({ testStepResult }) => testStepResult.status === 'SKIPPED');
    return {
      feature: this.#features.get(pickle.uri) ?? '',
      scenario: pickle.name,
      place: `${pickle.uri}:${pickle.location?.line ?? 1}`,
      status: fault ? 'failed' : skipped ? 'skipped' : 'passed',
      reason: fault ? reasonOf(fault, stepText(fault, testCase, pickle)) : '',
      attempts: attempt + 1,
      ms: Math.round(millis(event.timestamp) - startedMs),
    };
  }
}

/** The text of a step; that of a hook has no words in the feature. */
function stepText({ testStepId }: StepFinished, testCase: TestCase, pickle: Pickle): string {
  const step = testCase.testSteps.find(({ id }) => id === testStepId);
  const text = pickle.steps.find(({ id }) => id === step?.pickleStepId)?.text;
  return text ?? 'what surrounds the scenario';
}

function reasonOf({ testStepResult: { status, message, exception } }: StepFinished, step: string): string {
  if (status === 'UNDEFINED') return `${step}: no step is written for this`;
  if (status === 'AMBIGUOUS') return `${step}: several steps claim this: ${message ?? ''}`;
  const said = exception?.message ?? message ?? status.toLowerCase();
  return `${step}: ${said.split('\n    at ')[0]?.trim() ?? said}`;
}

function millis({ seconds, nanos }: { seconds: number; nanos: number }): number {
  return seconds * 1_000 + nanos / 1_000_000;
}
