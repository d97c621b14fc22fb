import type { ContextName } from '../../proto/contexts.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { logicalName } from '../settings/addresses.ts';
import type { Settings } from '../settings/index.ts';
import { withServingLog } from './serving-log.ts';
import { exampleUrls, ofContext, required, withPassword } from './serving-settings.ts';

export interface Migration {
  readonly contexts: readonly ContextName[];
  readonly settings: Settings;
}

/**
 * Brings the schemas of contexts up to date, as the roles that own them, and ends: what runs before the contexts are
 * served by roles that may not. @throws CliError when settings are missing, and whatever keeps it from being done
 */
export function migrateContexts({ contexts, settings }: Migration): Promise<ExitCode> {
  return withServingLog({ service: 'migrations', settings }, async (logger) => {
    const postgresUrl = required(settings.postgresUrl, 'MALL_POSTGRES_URL', exampleUrls.postgres);
    const owners = required(settings.migrationUrl, 'MALL_MIGRATION_URL', exampleUrls.migration);
    const { migrateSchemas } = await import('../../services/mall.ts');
    const applied = await migrateSchemas({
      contexts,
      migrationUrl: (context) =>
        withPassword(ofContext(owners, context), settings.migrationPasswords?.[logicalName(context)]),
      servedBy: (context) => decodeURIComponent(new URL(ofContext(postgresUrl, context)).username),
    });
    logger.info({ contexts, applied: applied.length }, 'the schemas are up to date');
    return exitCodes.ok;
  });
}
