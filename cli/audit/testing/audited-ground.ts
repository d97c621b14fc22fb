import assert from 'node:assert/strict';
import { onDatabase } from '../../../containers/database/service-databases.ts';
import { connected } from '../../../containers/embedded/index.ts';
import { uniqueName } from '../../../containers/embedded/test-servers.ts';
import { type ContextName, contextNames } from '../../../proto/contexts.ts';
import { contextDatabaseUrl, type DatabaseLayout } from '../../malls/context-databases.ts';
import { type AuditResult, audit } from '../audit.ts';

/** Where a mall's data lie; nobody is connected to a database. */
export interface Place extends DatabaseLayout {
  readonly natsUrl: string;
  readonly natsStream: string;
}

interface Options {
  readonly allowDeadLetters?: boolean;
}

/** Audits a mall that has been stopped, as it is or with something changed in a copy of one of its databases. */
export class AuditedGround {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  audit(options: Options = {}): Promise<AuditResult> {
    return audit({ allowDeadLetters: false, ...this.#place, ...options });
  }

  /** Runs statements on a copy of the database they are about, each of which must change something, and audits it. */
  async auditWith(planted: readonly string[], options: Options = {}): Promise<AuditResult> {
    const contexts = [...new Set(planted.map(contextOf))];
    const copies = this.#place.databases === undefined ? ['all' as const] : contexts;
    const names = new Map(copies.map((context) => [context, uniqueName('audit')]));
    try {
      for (const [context, copy] of names) await this.#copy(context === 'all' ? 'baskets' : context, copy);
      const place = this.#with(names);
      for (const text of planted) await plant(contextDatabaseUrl(place, contextOf(text)), text);
      return await audit({ allowDeadLetters: false, ...place, ...options });
    } finally {
      for (const copy of names.values()) await this.#elsewhere(`DROP DATABASE ${copy} WITH (FORCE)`);
    }
  }

  /** The place with copies in the place of what they are copies of. */
  #with(names: ReadonlyMap<ContextName | 'all', string>): Place {
    const { postgresUrl, databases } = this.#place;
    const all = names.get('all');
    if (all !== undefined) return { ...this.#place, postgresUrl: onDatabase(postgresUrl, all) };
    return { ...this.#place, databases: { ...databases, ...Object.fromEntries(names) } };
  }

  /** A database can be copied only while nobody is connected to it. */
  async #copy(context: ContextName, copy: string): Promise<void> {
    const template = new URL(contextDatabaseUrl(this.#place, context)).pathname.slice(1);
    await this.#elsewhere(`CREATE DATABASE ${copy} TEMPLATE ${template}`);
  }

  #elsewhere(text: string): Promise<unknown> {
    return connected(onDatabase(this.#place.postgresUrl, 'postgres'), (client) => client.query(text));
  }
}

async function plant(url: string, text: string): Promise<void> {
  const { rowCount, command } = await connected(url, (client) => client.query(text));
  if (command !== 'ALTER') assert.ok((rowCount ?? 0) > 0, `it changes something: ${text}`);
}

/** Whose table a statement changes: the first it names. */
function contextOf(text: string): ContextName {
  const name = /\b([a-z]+)\.[a-z_]+/.exec(text)?.[1];
  const context = contextNames.find((each) => each === name);
  assert.ok(context, text);
  return context;
}
