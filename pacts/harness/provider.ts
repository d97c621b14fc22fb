import type { JsonValue } from '@bufbuild/protobuf';
import type { ContextName } from '../../proto/catalogue.ts';
import type { TestProcess } from '../../services/kernel/testing/index.ts';
import type { Stage } from './stage.ts';

/** Brings the provider into a state, by its own doors and messages as far as they go. */
export type SetUp = (stage: Stage, about: About) => Promise<unknown>;

/** A context as a provider: of messages under its name as publisher, of its REST door under its name as API. */
export interface Provider {
  readonly context: ContextName;
  /** What runs: the context, and those it asks. */
  readonly contexts: readonly ContextName[];
  readonly states: Readonly<Record<string, SetUp>>;
  /** Before each interaction, for contracts with ids that the context would not give itself. */
  readonly forget?: (mall: TestProcess) => Promise<void>;
}

/** What a state is about, as the contract has it. */
export class About {
  readonly #values: Readonly<Record<string, JsonValue>>;

  constructor(values: Readonly<Record<string, JsonValue>> = {}) {
    this.#values = values;
  }

  text(name: string, otherwise?: string): string {
    const value = this.#values[name] ?? otherwise;
    if (typeof value === 'string') return value;
    throw new TypeError(`the state does not say what its ${name} is`);
  }

  number(name: string, otherwise?: number): number {
    const value = this.#values[name] ?? otherwise;
    if (typeof value === 'number') return value;
    throw new TypeError(`the state does not say what its ${name} is`);
  }

  list(name: string): readonly About[] {
    const value = this.#values[name];
    if (!Array.isArray(value)) throw new TypeError(`the state has no list of ${name}`);
    return value.map((each) => new About(isObject(each) ? each : {}));
  }
}

function isObject(value: JsonValue): value is { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
