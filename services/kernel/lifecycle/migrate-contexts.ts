import type { ContextName } from '../../../proto/catalogue.ts';
import { migrate } from '../database/index.ts';
import { retrying } from './limits.ts';
import type { ContextModule } from './module.ts';

export interface MigrationSettings {
  readonly modules: readonly ContextModule[];
  /** A context's database as the role that owns it. */
  readonly migrationUrl: (context: ContextName) => string;
  /** Who is to serve it, and is given the rights for that. */
  readonly servedBy: (context: ContextName) => string;
}

/** Brings the schemas of contexts up to date before they are served. Answers what was applied. @throws MallError */
export async function migrateContexts({
  modules,
  migrationUrl,
  servedBy,
}: MigrationSettings): Promise<readonly string[]> {
  const applied = await Promise.all(
    modules.map(({ name, migrations }) =>
      retrying(() =>
        migrate(migrationUrl(name), { schema: name, folders: migrations, servedBy: servedBy(name) }),
      ),
    ),
  );
  return applied.flat();
}
