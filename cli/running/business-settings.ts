import type { ContextsSettings } from '../../services/mall.ts';
import type { Settings } from '../settings/index.ts';

/** What the contexts are told however they are run. */
export function businessSettings(
  settings: Settings,
): Pick<ContextsSettings, 'strict' | 'authSecret' | 'relay' | 'decline' | 'streamReplicas'> {
  return {
    strict: new Set(settings.strict),
    authSecret: settings.authSecret,
    relay: settings.relay,
    streamReplicas: settings.natsReplicas,
    decline: {
      ...(settings.declineAbove !== undefined && { amountsAbove: settings.declineAbove }),
      ...(settings.declineCustomers && { customers: settings.declineCustomers }),
    },
  };
}
