import type { Publication } from '../messaging/index.ts';
import type { SagaDefinition } from './definition.ts';

/** How a saga stands. The last three are ends; `attention` waits for a person. */
export type SagaStatus = 'running' | 'compensating' | 'completed' | 'compensated' | 'attention';

export interface SagaState<Data> {
  readonly data: Data;
  readonly status: SagaStatus;
  /** The step whose command is outstanding, or was last. */
  readonly step: number;
  /** Sendings of the outstanding command. */
  readonly attempts: number;
  /** Why it compensates, is about to, or needs attention; blank while all is well. */
  readonly reason: string;
}

/** An answer to the outstanding command. */
export type StepOutcome<Data> =
  | { readonly type: 'succeeded'; readonly data: Data }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'unanswered' };

/** What follows: the new state and, unless the saga has ended or waits, the command to send now. */
export interface Move<Data> {
  readonly state: SagaState<Data>;
  readonly command?: Publication<unknown>;
  /** Nothing to send now: the outstanding command is answered or sent again later. */
  readonly wait?: boolean;
}

/** Begins a saga with its first action. */
export function begin<Data>(definition: SagaDefinition<Data>, data: Data): Move<Data> {
  return forward(definition, { data, status: 'running', step: -1, attempts: 0, reason: '' });
}

/** Moves a saga on by the outcome of its outstanding command. */
export function proceed<Data>(
  definition: SagaDefinition<Data>,
  state: SagaState<Data>,
  outcome: StepOutcome<Data>,
): Move<Data> {
  if (outcome.type === 'succeeded') {
    const next = { ...state, data: outcome.data };
    if (state.status === 'compensating') return backward(definition, next, state.step - 1);
    return state.reason === ''
      ? forward(definition, next)
      : turnBack(definition, next, state.reason, state.step);
  }
  if (state.status === 'running') return actionFailed(definition, state, outcome);
  return compensationFailed(definition, state, outcome);
}

/**
 * Asks a running saga to turn back. It does so when the outstanding command is answered, not before: only then is it
 * known what there is to undo.
 */
export function abandon<Data>(state: SagaState<Data>, reason: string): Move<Data> {
  return { state: { ...state, reason }, wait: true };
}

/** Walks back from `from`, that step included. */
function turnBack<Data>(
  definition: SagaDefinition<Data>,
  state: SagaState<Data>,
  reason: string,
  from: number,
): Move<Data> {
  const data = definition.failed(state.data, reason);
  return backward(definition, { ...state, data, status: 'compensating', reason }, from);
}

function actionFailed<Data>(
  definition: SagaDefinition<Data>,
  state: SagaState<Data>,
  outcome: Exclude<StepOutcome<Data>, { type: 'succeeded' }>,
): Move<Data> {
  // The failed step itself had no effect; the walk back begins below it.
  if (outcome.type === 'failed') return turnBack(definition, state, outcome.reason, state.step - 1);
  const step = definition.steps[state.step];
  if (step?.action && (step.pivot || state.attempts < definition.limits.actionAttempts)) {
    return { state: { ...state, attempts: state.attempts + 1 }, command: step.action(state.data) };
  }
  // Nobody knows whether the step took effect, so it is undone too.
  const reason = state.reason || `${step?.name ?? 'a step'} was not answered`;
  return turnBack(definition, state, reason, state.step);
}

function compensationFailed<Data>(
  definition: SagaDefinition<Data>,
  state: SagaState<Data>,
  outcome: Exclude<StepOutcome<Data>, { type: 'succeeded' }>,
): Move<Data> {
  const step = definition.steps[state.step];
  const reason = outcome.type === 'failed' ? outcome.reason : 'not answered';
  if (state.attempts >= definition.limits.compensationAttempts) {
    return {
      state: { ...state, status: 'attention', reason: `undoing ${step?.name ?? 'a step'} failed: ${reason}` },
    };
  }
  if (outcome.type === 'failed') return { state, wait: true };
  const command = step?.compensation?.(state.data);
  const again = { ...state, attempts: state.attempts + 1 };
  return command ? { state: again, command } : backward(definition, state, state.step - 1);
}

/** The next step upwards that has an action; none left: completed. */
function forward<Data>(definition: SagaDefinition<Data>, state: SagaState<Data>): Move<Data> {
  for (let step = state.step + 1; step < definition.steps.length; step++) {
    const command = definition.steps[step]?.action?.(state.data);
    if (command) return { state: { ...state, step, attempts: 1 }, command };
  }
  return { state: { ...state, status: 'completed', attempts: 0 } };
}

/** The next step downwards, `from` included, that has something to undo; none left: compensated. */
function backward<Data>(definition: SagaDefinition<Data>, state: SagaState<Data>, from: number): Move<Data> {
  for (let step = from; step >= 0; step--) {
    const command = definition.steps[step]?.compensation?.(state.data);
    if (command) return { state: { ...state, step, attempts: 1 }, command };
  }
  return { state: { ...state, status: 'compensated', attempts: 0 } };
}
