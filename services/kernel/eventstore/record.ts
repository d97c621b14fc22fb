import type { Decider } from '../domain/index.ts';
import { newId } from '../messaging/index.ts';
import type { Recorded, Versioned } from './aggregates.ts';

/** Decides and numbers the outcome: each event with its id, its version and the state after it. */
export function recordEvents<State, Command, Event>(
  decider: Decider<State, Command, Event>,
  aggregateId: string,
  current: Versioned<State>,
  command: Command,
): readonly Recorded<State, Event>[] {
  const occurredAt = new Date();
  let { state, version } = current;
  return decider.decide(command, current.state).map((event) => {
    state = decider.evolve(state, event);
    version++;
    return { aggregateId, id: newId(), event, version, state, occurredAt };
  });
}
