import type { ContextsSettings } from '../../services/mall.ts';
import type { Settings } from '../settings/index.ts';
import { parseDuration } from '../terminal/duration.ts';

/** What the contexts are told however they are run. */
export function businessSettings(
  settings: Settings,
): Pick<
  ContextsSettings,
  'strict' | 'authSecret' | 'relay' | 'decline' | 'streamReplicas' | 'messageTimes' | 'sagaDeadlineMs'
> {
  return {
    strict: new Set(settings.strict),
    authSecret: settings.authSecret,
    relay: settings.relay,
    streamReplicas: settings.natsReplicas,
    messageTimes: messageTimesOf(settings),
    sagaDeadlineMs: ms(settings.sagaDeadline),
    decline: {
      ...(settings.declineAbove !== undefined && { amountsAbove: settings.declineAbove }),
      ...(settings.declineCustomers && { customers: settings.declineCustomers }),
    },
  };
}

function messageTimesOf({
  retryDelays,
  outboxKept,
  inboxKept,
  idempotencyKept,
}: Settings): NonNullable<ContextsSettings['messageTimes']> {
  return {
    redeliveryDelaysMs: retryDelays.split(',').map(ms),
    outboxKeptMs: ms(outboxKept),
    inboxKeptMs: ms(inboxKept),
    idempotencyKeptMs: ms(idempotencyKept),
  };
}

/** Lengths of time were checked when they were read. */
function ms(text: string): number {
  return parseDuration(text.trim()) ?? 0;
}
