/** One promise of the mall that the audit proves. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly promise: string;
  /** It need not hold for what still moves: a message on its way, a saga under way. */
  readonly whenQuiet: boolean;
}

/** Something that is not as it must be, with the ids to look at. */
export interface Violation {
  readonly rule: string;
  readonly ids: readonly string[];
  readonly says: string;
}

export interface RuleOutcome {
  readonly rule: Rule;
  readonly checked: number;
  /** What could not be checked any more because it has been deleted as too old. */
  readonly skipped: number;
  readonly violations: number;
  /** What does not hold yet and concerns something that still moves. */
  readonly moving: number;
  readonly shown: readonly Violation[];
}

/** Of a rule that is broken everywhere the first ones are enough to begin with. */
export const SHOWN_PER_RULE = 20;

interface Tally {
  checked: number;
  skipped: number;
  violations: number;
  moving: number;
  readonly shown: Violation[];
}

/** Gathers what the checks find. Of each rule it keeps the first violations and the number of the others. */
export class Findings {
  readonly #rules: readonly Rule[];
  readonly #tallies = new Map<string, Tally>();
  readonly #moving = new Set<string>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  checked(rule: Rule, count: number): void {
    this.#tally(rule).checked += count;
  }

  skipped(rule: Rule, count: number): void {
    this.#tally(rule).skipped += count;
  }

  /** Something of this id is on its way, so that what hangs on it may be ahead or behind. */
  moves(id: string | null | undefined): void {
    if (id) this.#moving.add(id);
  }

  /** Reports what does not hold; about something that moves it is no violation of a rule for quiet malls. */
  found(rule: Rule, ids: readonly (string | null | undefined)[], says: string): void {
    const tally = this.#tally(rule);
    const known = ids.filter((id): id is string => typeof id === 'string' && id !== '');
    if (rule.whenQuiet && known.some((id) => this.#moving.has(id))) {
      tally.moving++;
      return;
    }
    tally.violations++;
    if (tally.shown.length < SHOWN_PER_RULE) tally.shown.push({ rule: rule.id, ids: known, says });
  }

  /** Ids of messages, aggregates and sagas that are on their way. */
  get moving(): number {
    return this.#moving.size;
  }

  outcomes(): readonly RuleOutcome[] {
    return this.#rules.map((rule) => ({ rule, ...this.#tally(rule) }));
  }

  #tally(rule: Rule): Tally {
    const tally = this.#tallies.get(rule.id) ?? {
      checked: 0,
      skipped: 0,
      violations: 0,
      moving: 0,
      shown: [],
    };
    this.#tallies.set(rule.id, tally);
    return tally;
  }
}
