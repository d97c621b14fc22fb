/**
 * The rules of one aggregate as three pure values.
 * `decide` answers a command with the events it causes (none: nothing to do) or throws a MallError;
 * `evolve` folds one event into the state and never fails.
 */
export interface Decider<State, Command, Event> {
  readonly initial: State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
}

/** Folds events over a state, the initial one when none is given. */
export function fold<State, Command, Event>(
  decider: Decider<State, Command, Event>,
  events: Iterable<Event>,
  state: State = decider.initial,
): State {
  let current = state;
  for (const event of events) current = decider.evolve(current, event);
  return current;
}
