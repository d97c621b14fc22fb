import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Decider, fold } from './decider.ts';
import { MallError } from './errors.ts';

/** Support for tests of deciders; states and commands are frozen, so a rule that changes its input fails. */

interface Typed {
  readonly type: string;
}

/** A rule told as a story: given what happened, when this is asked for, then that happens or is refused. */
export function given<State, Command, Event extends Typed>(
  decider: Decider<State, Command, Event>,
  ...history: readonly Event[]
) {
  const state = freeze(fold(decider, freeze(history)));
  return {
    state,
    when: (command: Command) => ({
      /** Without arguments: nothing happens, and that is fine. */
      gives(...expected: readonly Event[]): void {
        assert.deepEqual(decider.decide(freeze(command), state), expected);
      },
      isRefused(refusal: Refusal): void {
        assert.equal(outcomeOf(decider, freeze(command), state), refusal);
      },
      /** The state once the command has taken effect. */
      leaves(expected: State): void {
        assert.deepEqual(fold(decider, decider.decide(freeze(command), state), state), expected);
      },
    }),
  };
}

/** The name of the error's class and its text. */
export type Refusal =
  `${'BadRequest' | 'Forbidden' | 'NotFound' | 'AlreadyExists' | 'FailedPrecondition'}: ${string}`;

/** What a command comes to: the name of the one event it causes, `nothing`, or a refusal. */
export type Outcome<Event extends Typed> = Event['type'] | 'nothing' | Refusal;

/**
 * Registers one test for each pair of situation and command. The compiler sees to it that `commands` has each type
 * of command and `outcomes` each pair.
 */
export function proveOutcomes<
  State,
  Command extends Typed,
  Event extends Typed,
  Situation extends string,
  Asked extends string,
>(
  decider: Decider<State, Command, Event>,
  situations: Readonly<Record<Situation, readonly Event[]>>,
  commands: Readonly<Record<Asked | Command['type'], Command>>,
  outcomes: Readonly<Record<Situation, Readonly<Record<Asked | Command['type'], Outcome<Event>>>>>,
): void {
  for (const [situation, history] of entries(situations)) {
    describe(`given ${situation}`, () => {
      for (const [asked, command] of entries(commands)) {
        const expected = outcomes[situation][asked];
        test(`${asked}: ${expected}`, () => {
          assert.equal(outcomeOf(decider, freeze(command), given(decider, ...history).state), expected);
        });
      }
    });
  }
}

function outcomeOf<State, Command, Event extends Typed>(
  decider: Decider<State, Command, Event>,
  command: Command,
  state: State,
): string {
  try {
    const events = decider.decide(command, state);
    return events.map(({ type }) => type).join(', ') || 'nothing';
  } catch (error) {
    if (error instanceof MallError) return `${error.name}: ${error.message}`;
    throw error;
  }
}

/** Gives the commands one after the other, as a stream would see them; a refused one changes nothing. */
export function history<State, Command, Event>(
  decider: Decider<State, Command, Event>,
  commands: Iterable<Command>,
): readonly Event[] {
  const events: Event[] = [];
  let state = decider.initial;
  for (const command of commands) {
    try {
      const decided = decider.decide(freeze(command), freeze(state));
      state = fold(decider, decided, state);
      events.push(...decided);
    } catch (error) {
      if (!(error instanceof MallError)) throw error;
    }
  }
  return events;
}

function entries<Key extends string, Value>(record: Readonly<Record<Key, Value>>): readonly [Key, Value][] {
  const pairs: [Key, Value][] = [];
  for (const key in record) pairs.push([key, record[key]]);
  return pairs;
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
