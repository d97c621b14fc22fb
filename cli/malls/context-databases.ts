import { onDatabase, serviceDatabaseName } from '../../containers/database/service-databases.ts';
import { type ContextName, contextNames } from '../../proto/contexts.ts';
import type { Settings } from '../settings/index.ts';
import { defaultName } from './names.ts';

/** Where the data of a mall's contexts lie: in one database, or in one for each on the same server. */
export interface DatabaseLayout {
  readonly postgresUrl: string;
  /** Names of the databases by context, where each has its own. */
  readonly databases?: Readonly<Record<string, string>> | undefined;
}

/** The database of one context. */
export function contextDatabaseUrl({ postgresUrl, databases }: DatabaseLayout, context: ContextName): string {
  if (databases === undefined) return postgresUrl;
  const name = databases[context];
  if (name === undefined) throw new TypeError(`no database is known for ${context}`);
  return onDatabase(postgresUrl, name);
}

/** Names of the contexts' databases in microservices mode. */
export function namesOfDatabases(of: { kind: string; name: string }): Readonly<Record<string, string>> {
  // Servers that came with a mall are its own; on somebody else's the malls are told apart.
  const prefix = of.kind === 'external' && of.name !== defaultName ? `${of.name}_` : '';
  return Object.fromEntries(contextNames.map((context) => [context, serviceDatabaseName(prefix, context)]));
}

/** The same for a mall on external servers of which only the settings tell; undefined for one process. */
export function databasesOf({ mode, name }: Settings): Readonly<Record<string, string>> | undefined {
  return mode === 'microservices' ? namesOfDatabases({ kind: 'external', name }) : undefined;
}
