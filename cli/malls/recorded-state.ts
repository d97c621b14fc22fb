import { type MallState, writeState } from './state.ts';

/** The state of the mall that this process runs, with the file that tells it to others. */
export class RecordedState {
  readonly #path: string;
  #state: MallState;

  constructor(path: string, state: MallState) {
    this.#path = path;
    this.#state = state;
    writeState(path, state);
  }

  get current(): MallState {
    return this.#state;
  }

  update(changes: Partial<MallState>): void {
    this.#state = { ...this.#state, ...changes };
    writeState(this.#path, this.#state);
  }
}
