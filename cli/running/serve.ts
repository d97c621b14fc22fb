import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type ContextName, contextNames } from '../../proto/contexts.ts';
import type { TracingSettings } from '../../services/mall.ts';
import { CliError } from '../cli-error.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { logicalName } from '../settings/addresses.ts';
import type { Settings } from '../settings/index.ts';
import { parseSampling } from '../settings/sampling.ts';
import { parseDuration } from '../terminal/duration.ts';
import { aborted, type Interruption } from '../terminal/interruption.ts';
import { tellParent } from './audience.ts';
import { businessSettings } from './business-settings.ts';
import { watchForCrash } from './crash.ts';
import { withServingLog } from './serving-log.ts';
import { exampleUrls, ofContext, required } from './serving-settings.ts';

/** What one process serves: some contexts, or the doors before all of them. */
export type Served = readonly ContextName[] | 'gateway';

export interface Serve {
  readonly served: Served;
  readonly settings: Settings;
  readonly interruption: Interruption;
}

interface Running {
  readonly restUrl: string;
  readonly grpcAddress: string;
  stop(): Promise<void>;
}

/**
 * Serves in this process until it is told to stop, or the process that has started it ends. The log goes to standard
 * output, a JSON document a line.
 * @returns 0 when it was ready and has stopped in order, 130 when the start was interrupted or the stop hurried
 * @throws CliError when settings are missing, and whatever keeps the contexts from starting
 */
export function serve(wanted: Serve): Promise<ExitCode> {
  const { served, settings } = wanted;
  const service = served === 'gateway' ? served : served.join(',');
  return withServingLog({ service, settings }, (logger) => serveUntilTold(wanted, logger));
}

async function serveUntilTold(wanted: Serve, logger: Logger): Promise<ExitCode> {
  const { settings, interruption } = wanted;
  const crash = watchForCrash(logger);
  const told = Promise.race([aborted(interruption.asked), parentGone(), crash.happened]);
  const starting = start(wanted, logger);
  const late = new AbortController();
  let running: Running | undefined;
  try {
    running = await Promise.race([starting, told.then(() => undefined), startTimeout(settings, late.signal)]);
    if (running === undefined) return exitCodes.interrupted;
    tellParent({ kind: 'ready' });
    await told;
  } finally {
    late.abort();
    // One that is just starting comes to its end before it can be stopped.
    const stopped = (running === undefined ? starting : Promise.resolve(running)).then((each) => each.stop());
    await Promise.race([stopped.catch(() => undefined), aborted(interruption.hurried)]);
    crash.release();
  }
  return interruption.hurried.aborted ? exitCodes.interrupted : exitCodes.ok;
}

async function start(wanted: Serve, logger: Logger): Promise<Running> {
  const { served, settings } = wanted;
  const mall = await import('../../services/mall.ts');
  const shared = {
    natsUrl: required(settings.natsUrl, 'MALL_NATS_URL', exampleUrls.nats),
    natsStream: settings.natsStream ?? 'intellimall',
    host: settings.host,
    restPort: settings.port ?? 8080,
    grpcPort: settings.grpcPort ?? 9000,
    tracing: tracingOf(settings),
    tracesUrl: settings.jaegerUrl,
    logger,
  };
  const progress = (text: string) => tellParent({ kind: 'step', text });
  if (served === 'gateway')
    return mall.startGateway({ ...shared, contexts: remoteContexts(settings) }, progress);
  const postgresUrl = required(settings.postgresUrl, 'MALL_POSTGRES_URL', exampleUrls.postgres);
  const missing = mall.calledElsewhere(served).filter((name) => !settings.services?.[logicalName(name)]);
  if (missing.length > 0) throw notTold(served.join(','), missing, 'MALL_SERVICES', 'stores:9000');
  return mall.startContexts(
    {
      ...shared,
      ...businessSettings(settings),
      contexts: served,
      databaseUrl: (context) => ofContext(postgresUrl, context),
      services: settings.services ?? {},
    },
    progress,
  );
}

/** Which traces are recorded and where they are sent; undefined when nobody takes them. */
function tracingOf({ name, tracing, otlpEndpoint }: Settings): TracingSettings | undefined {
  const sampling = parseSampling(tracing) ?? 'off';
  if (sampling === 'off' || otlpEndpoint === undefined) return undefined;
  return { sampling, export: { endpoint: otlpEndpoint }, namespace: name };
}

function remoteContexts({ services = {}, serviceUrls = {} }: Settings) {
  const without = (addresses: Readonly<Record<string, string>>) =>
    contextNames.filter((name) => addresses[logicalName(name)] === undefined);
  const missing = [
    ['MALL_SERVICES', without(services), 'stores:9000'],
    ['MALL_SERVICE_URLS', without(serviceUrls), 'http://stores:8080'],
  ] as const;
  for (const [variable, names, example] of missing) {
    if (names.length > 0) throw notTold('gateway', names, variable, example);
  }
  return contextNames.map((name) => ({
    name,
    grpcAddress: services[logicalName(name)] ?? '',
    restUrl: serviceUrls[logicalName(name)] ?? '',
  }));
}

function notTold(who: string, missing: readonly ContextName[], variable: string, example: string): CliError {
  const names = missing.map(logicalName);
  return new CliError(`${who} calls ${missing.join(', ')}, and ${variable} does not say where.`, {
    exitCode: exitCodes.configuration,
    next: `add ${names.join(', ')} to it, as in ${variable}=STORES=${example}`,
  });
}

/** Resolves when the process that has started this one, and listens to it, ends. */
function parentGone(): Promise<void> {
  return new Promise((resolve) => {
    if (process.channel !== undefined) process.once('disconnect', resolve);
  });
}

async function startTimeout({ startTimeout: limit }: Settings, signal: AbortSignal): Promise<never> {
  await pause(parseDuration(limit) ?? 0, undefined, { signal, ref: false });
  throw new CliError(`It was not ready within ${limit}.`, {
    exitCode: exitCodes.startTimeout,
    next: 'its log shows how far it came; MALL_START_TIMEOUT gives it more time',
  });
}
