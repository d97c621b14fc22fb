import { randomBytes } from 'node:crypto';

/**
 * Names that are a scenario's own. A feature says "Waldorf Books"; in the mall the store is called
 * "Waldorf Books 5e2c1a", so that scenarios share a mall, also with those of runs before, and nobody empties tables.
 */
export class UniqueNames {
  readonly #mark = randomBytes(3).toString('hex');
  readonly #names = new Map<string, string>();

  /** What the mall knows under a name of the feature. Blank stays blank: that is what is tried. */
  of(name: string): string {
    if (name.trim() === '') return name;
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const unique = `${name} ${this.#mark}`;
    this.#names.set(name, unique);
    return unique;
  }

  /** A text of the feature with the names in it as the mall says them: `the product "Gone" is no longer sold`. */
  within(text: string): string {
    return [...this.#names].reduce((all, [name, unique]) => all.replaceAll(`"${name}"`, `"${unique}"`), text);
  }
}
