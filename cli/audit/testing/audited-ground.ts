import assert from 'node:assert/strict';
import { connected } from '../../../containers/embedded/index.ts';
import { uniqueName } from '../../../containers/embedded/test-servers.ts';
import { type AuditResult, audit } from '../audit.ts';

/** Where a mall's data lie; nobody is connected to the database. */
export interface Place {
  readonly postgresUrl: string;
  readonly natsUrl: string;
  readonly natsStream: string;
}

interface Options {
  readonly allowDeadLetters?: boolean;
}

/** Audits a mall that has been stopped, as it is or with something changed in a copy of its database. */
export class AuditedGround {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  audit(options: Options = {}): Promise<AuditResult> {
    return audit({ allowDeadLetters: false, ...this.#place, ...options });
  }

  /** Runs statements on a copy, each of which must change something, and audits it. */
  async auditWith(planted: readonly string[], options: Options = {}): Promise<AuditResult> {
    const { postgresUrl } = this.#place;
    const template = new URL(postgresUrl).pathname.slice(1);
    const copy = uniqueName('audit');
    await this.#elsewhere(`CREATE DATABASE ${copy} TEMPLATE ${template}`);
    try {
      const url = databaseUrl(postgresUrl, copy);
      await connected(url, async (client) => {
        for (const text of planted) {
          const { rowCount, command } = await client.query(text);
          if (command !== 'ALTER') assert.ok((rowCount ?? 0) > 0, `it changes something: ${text}`);
        }
      });
      return await audit({ allowDeadLetters: false, ...this.#place, postgresUrl: url, ...options });
    } finally {
      await this.#elsewhere(`DROP DATABASE ${copy} WITH (FORCE)`);
    }
  }

  /** A database can be copied only while nobody is connected to it. */
  #elsewhere(text: string): Promise<unknown> {
    return connected(databaseUrl(this.#place.postgresUrl, 'postgres'), (client) => client.query(text));
  }
}

function databaseUrl(postgresUrl: string, name: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}
