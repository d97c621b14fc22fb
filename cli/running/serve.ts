import { setTimeout as pause } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import { type ContextName, contextNames } from '../../proto/contexts.ts';
import type { TracingSettings } from '../../services/mall.ts';
import { CliError } from '../cli-error.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { logicalName } from '../settings/addresses.ts';
import type { Settings } from '../settings/index.ts';
import { parseSampling } from '../settings/sampling.ts';
import { parseDuration } from '../terminal/duration.ts';
import { aborted, type Interruption } from '../terminal/interruption.ts';
import { failureReport, tellParent } from './audience.ts';
import { businessSettings } from './business-settings.ts';
import { watchForCrash } from './crash.ts';

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
export async function serve({ served, settings, interruption }: Serve): Promise<ExitCode> {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 0 });
  const base = { service: served === 'gateway' ? served : served.join(','), pid: process.pid };
  const logger = pino({ level: settings.logLevel, base }, destination);
  try {
    return await serveUntilTold({ served, settings, interruption }, logger);
  } catch (error) {
    logger.fatal({ err: error }, 'it has ended');
    tellParent(failureReport(error));
    throw error;
  } finally {
    destination.flushSync();
  }
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
    natsUrl: required(settings.natsUrl, 'MALL_NATS_URL', 'nats://nats:4222'),
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
  const example = 'postgres://{context}_user:password@postgres:5432/{context}';
  const postgresUrl = required(settings.postgresUrl, 'MALL_POSTGRES_URL', example);
  const missing = mall.calledElsewhere(served).filter((name) => !settings.services?.[logicalName(name)]);
  if (missing.length > 0) throw notTold(served.join(','), missing, 'MALL_SERVICES', 'stores:9000');
  return mall.startContexts(
    {
      ...shared,
      ...businessSettings(settings),
      contexts: served,
      databaseUrl: (context) => ofContext(postgresUrl, context),
      migrationUrl: (context) => settings.migrationUrl && ofContext(settings.migrationUrl, context),
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

/** One address for several contexts holds `{context}` where it differs. */
function ofContext(url: string, context: ContextName): string {
  return url.replaceAll(/\{context\}|%7Bcontext%7D/gi, context);
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

function required(value: string | undefined, variable: string, example: string): string {
  if (value !== undefined) return value;
  throw new CliError(`\`mall serve\` needs ${variable}, which is not set.`, {
    exitCode: exitCodes.configuration,
    next: `set it, for example to ${example}`,
  });
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
