import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';
import { untraced } from './tracer.ts';
import type { Tracing, TracingSettings } from './tracing-settings.ts';

const off: Tracing = { of: () => untraced, door: () => untraced, stop: async () => undefined };

/** Sets tracing up for a process; without settings it is off and nothing of the SDK is loaded. */
export async function startTracing(
  settings: TracingSettings | undefined,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
): Promise<Tracing> {
  if (settings === undefined) return off;
  const { recordTraces } = await import('./recording.ts');
  return recordTraces(settings, logger, metrics);
}
