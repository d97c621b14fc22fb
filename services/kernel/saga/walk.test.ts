import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { messages } from '../../../proto/catalogue.ts';
import { publication } from '../messaging/index.ts';
import type { SagaDefinition, SagaStep } from './definition.ts';
import { abandon, begin, type Move, proceed, type SagaState, type StepOutcome } from './walk.ts';

/** The trail of what was sent: `do 2`, `undo 1`. */
interface Trail {
  readonly sent: readonly string[];
  readonly reason: string;
}

function command(text: string) {
  return publication(messages.ordering.rejectOrder, { id: text, reason: '' });
}

function sagaOf(steps: readonly { action: boolean; compensation: boolean }[]): SagaDefinition<Trail> {
  return {
    name: 'test.Saga',
    replyChannel: 'test.replies',
    limits: { stepDeadlineMs: 1_000, actionAttempts: 3, compensationAttempts: 4 },
    failed: (data, reason) => ({ ...data, reason }),
    steps: steps.map(
      ({ action, compensation }, index): SagaStep<Trail> => ({
        name: `step ${index}`,
        ...(action && { action: () => command(`do ${index}`) }),
        ...(compensation && { compensation: () => command(`undo ${index}`) }),
      }),
    ),
  };
}

function sentBy(move: Move<Trail>): string | undefined {
  const payload = move.command?.payload;
  return typeof payload === 'object' && payload && 'id' in payload ? String(payload.id) : undefined;
}

const five = sagaOf([
  { action: false, compensation: true },
  { action: true, compensation: false },
  { action: true, compensation: true },
  { action: true, compensation: true },
  { action: true, compensation: false },
]);

const start: Trail = { sent: [], reason: '' };

function drive(
  definition: SagaDefinition<Trail>,
  answer: (sent: string) => 'succeeded' | 'failed' | 'unanswered',
) {
  const sent: string[] = [];
  let move: Move<Trail> = begin(definition, start);
  for (let count = 0; isOpen(move.state); count++) {
    assert.ok(count < 1_000, 'the saga never ends');
    const text = sentBy(move);
    if (text) sent.push(text);
    const kind = text ? answer(text) : 'unanswered';
    move = proceed(definition, move.state, outcomeOf(kind, move.state.data));
  }
  return { sent, state: move.state };
}

function outcomeOf(kind: 'succeeded' | 'failed' | 'unanswered', data: Trail): StepOutcome<Trail> {
  if (kind === 'succeeded') return { type: 'succeeded', data };
  return kind === 'failed' ? { type: 'failed', reason: 'refused' } : { type: 'unanswered' };
}

function isOpen({ status }: SagaState<Trail>): boolean {
  return status === 'running' || status === 'compensating';
}

test('a saga whose every step succeeds runs upwards to its end', () => {
  const { sent, state } = drive(five, () => 'succeeded');
  assert.deepEqual(sent, ['do 1', 'do 2', 'do 3', 'do 4']);
  assert.equal(state.status, 'completed');
});

test('row P-15: a failed step is not undone itself, those below it are, from the top down', () => {
  const { sent, state } = drive(five, (text) => (text === 'do 4' ? 'failed' : 'succeeded'));
  assert.deepEqual(sent, ['do 1', 'do 2', 'do 3', 'do 4', 'undo 3', 'undo 2', 'undo 0']);
  assert.equal(state.status, 'compensated');
  assert.equal(state.reason, 'refused');
  assert.equal(state.data.reason, 'refused');
});

test('row K2: an unanswered action is sent again, then undone with everything below', () => {
  const { sent, state } = drive(five, (text) => (text === 'do 3' ? 'unanswered' : 'succeeded'));
  assert.deepEqual(sent, ['do 1', 'do 2', 'do 3', 'do 3', 'do 3', 'undo 3', 'undo 2', 'undo 0']);
  assert.equal(state.reason, 'step 3 was not answered');
});

test('a step that nothing can undo is sent until it is answered: nobody knows whether it took effect', () => {
  const pivot = {
    ...five,
    steps: five.steps.map((step, at) => (at === 4 ? { ...step, pivot: true } : step)),
  };
  const answered = (answer: 'succeeded' | 'failed') => {
    let left = 20;
    return drive(pivot, (text) => (text === 'do 4' ? (left-- > 0 ? 'unanswered' : answer) : 'succeeded'));
  };
  const { sent, state } = answered('succeeded');
  assert.deepEqual(sent, ['do 1', 'do 2', 'do 3', ...Array.from({ length: 21 }, () => 'do 4')]);
  assert.equal(state.status, 'completed');
  assert.deepEqual(answered('failed').sent.slice(-3), ['undo 3', 'undo 2', 'undo 0']);
});

test('rows K3, P-14: a compensation that keeps failing is tried again, then the saga waits for attention', () => {
  const { sent, state } = drive(five, (text) =>
    text === 'do 4' || text === 'undo 2' ? 'failed' : 'succeeded',
  );
  assert.deepEqual(sent.slice(4), ['undo 3', 'undo 2', 'undo 2', 'undo 2', 'undo 2']);
  assert.equal(state.status, 'attention');
  assert.equal(state.reason, 'undoing step 2 failed: refused');
});

test('row K7: a saga told to turn back waits for the outstanding answer and undoes that step too', () => {
  const running = proceed(five, begin(five, start).state, { type: 'succeeded', data: start });
  const told = abandon(running.state, 'cancelled');
  assert.equal(told.command, undefined);
  const back = proceed(five, told.state, { type: 'succeeded', data: start });
  assert.equal(sentBy(back), 'undo 2');
  assert.equal(back.state.data.reason, 'cancelled');
});

test('row K11: a saga without anything to do is complete at once', () => {
  const { state } = begin(sagaOf([{ action: false, compensation: true }]), start);
  assert.equal(state.status, 'completed');
});

test('every saga ends, and undoes exactly what had been done below the failure, newest first', () => {
  const step = fc.record({ action: fc.boolean(), compensation: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), fc.nat(8), (steps, failing) => {
      const { sent, state } = drive(sagaOf(steps), (text) =>
        text === `do ${failing}` ? 'failed' : 'succeeded',
      );
      const actions = steps.flatMap((each, index) => (each.action ? [index] : []));
      const fails = actions.includes(failing);
      assert.equal(state.status, fails ? 'compensated' : 'completed');
      const done = actions.filter((index) => !fails || index <= failing).map((index) => `do ${index}`);
      const undone = fails
        ? steps.flatMap((each, index) => (each.compensation && index < failing ? [`undo ${index}`] : []))
        : [];
      assert.deepEqual(sent, [...done, ...undone.reverse()]);
    }),
  );
});

test('every saga ends under any mixture of answers', () => {
  const step = fc.record({ action: fc.boolean(), compensation: fc.boolean() });
  const answers = fc.array(fc.constantFrom('succeeded', 'failed', 'unanswered'), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), answers, (steps, sequence) => {
      let next = 0;
      const { state } = drive(sagaOf(steps), () => sequence[next++ % sequence.length] ?? 'succeeded');
      assert.ok(['completed', 'compensated', 'attention'].includes(state.status));
      if (state.status !== 'completed') assert.notEqual(state.reason, '');
    }),
  );
});
