import type { ContextName } from '../../../proto/catalogue.ts';
import { type ContextModule, type ContextParts, kernelMigrations } from '../lifecycle/index.ts';

/** A context in name only: it answers calls as the test lets it, in place of the real one. */
export function standIn(name: ContextName, ...services: ContextParts['services']): ContextModule {
  return {
    name,
    migrations: [kernelMigrations.messaging],
    build: () => ({ services, subscriptions: [] }),
  };
}
