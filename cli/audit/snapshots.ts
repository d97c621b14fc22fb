import type { ContextName } from '../../proto/contexts.ts';
import { callersFirst } from '../../services/mall.ts';
import { contextDatabaseUrl, type DatabaseLayout } from '../malls/context-databases.ts';
import { Snapshot } from './snapshot.ts';

/** The contexts' databases, each as of one moment; all of one moment where they are one database. */
export class Snapshots {
  readonly #byUrl: ReadonlyMap<string, Snapshot>;
  readonly #urlOf: (context: ContextName) => string;

  private constructor(byUrl: ReadonlyMap<string, Snapshot>, urlOf: (context: ContextName) => string) {
    this.#byUrl = byUrl;
    this.#urlOf = urlOf;
  }

  /** @throws the driver's error when a database cannot be used */
  static async open(layout: DatabaseLayout): Promise<Snapshots> {
    const urlOf = (context: ContextName) => contextDatabaseUrl(layout, context);
    const byUrl = new Map<string, Snapshot>();
    const opened = new Snapshots(byUrl, urlOf);
    try {
      // What a call has fetched is then in the owner's snapshot too; what came by a message is told by the message.
      for (const url of new Set(callersFirst().map(urlOf))) byUrl.set(url, await Snapshot.open(url));
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** Whether contexts have databases of their own, frozen one after the other. */
  get apart(): boolean {
    return this.#byUrl.size > 1;
  }

  of(context: ContextName): Snapshot {
    const snapshot = this.#byUrl.get(this.#urlOf(context));
    if (snapshot === undefined) throw new TypeError(`there is no snapshot of ${context}`);
    return snapshot;
  }

  /** From here on every query of a database sees the same state. */
  async freeze(): Promise<void> {
    for (const snapshot of this.#byUrl.values()) await snapshot.freeze();
  }

  async close(): Promise<void> {
    for (const snapshot of this.#byUrl.values()) await snapshot.close();
  }
}
