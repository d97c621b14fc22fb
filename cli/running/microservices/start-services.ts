import type { Logger } from 'pino';
import { prepareServiceDatabases } from '../../../containers/database/service-databases.ts';
import { contextNames } from '../../../proto/contexts.ts';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type ServiceState, withoutPassword } from '../../malls/state.ts';
import type { Settings } from '../../settings/index.ts';
import { parseDuration } from '../../terminal/duration.ts';
import type { Infrastructure } from '../infrastructure.ts';
import type { Traces } from '../traces.ts';
import { supervisionLimits as limits } from './limits.ts';
import { planServices } from './service-plan.ts';
import { type ServingProcess, spawnServing } from './spawn-serving.ts';
import { type Patience, SupervisedService } from './supervised-service.ts';

export interface ServicesOptions {
  readonly settings: Settings;
  readonly infrastructure: Infrastructure;
  readonly traces: Traces | undefined;
  readonly natsStream: string;
  /** Names of the contexts' databases. */
  readonly databases: Readonly<Record<string, string>>;
  readonly doors: { readonly rest: number; readonly grpc: number };
  readonly servicePorts: readonly number[];
  readonly logFile: string;
  readonly logger: Logger;
  /** Told whenever a service's state is another. */
  readonly changed: (services: readonly ServiceState[]) => void;
}

type Migration = Pick<Parameters<typeof spawnServing>[0], 'environment' | 'logFile'>;

/** The processes of a mall: nine services and the gateway. */
export class Services {
  /** Resolves with a sentence when one of them cannot be kept running. */
  readonly lost: Promise<string>;
  readonly restUrl: string;
  readonly grpcAddress: string;
  readonly contexts = contextNames;
  readonly #services: readonly SupervisedService[];
  readonly #migration: Migration;
  #migrating: ServingProcess | undefined;

  private constructor(services: readonly SupervisedService[], migration: Migration) {
    this.#services = services;
    this.#migration = migration;
    this.lost = Promise.race(services.map((service) => service.lost));
    const gateway = services.at(-1)?.state;
    this.restUrl = gateway?.rest ?? '';
    this.grpcAddress = gateway?.grpc ?? '';
  }

  /** Makes databases and roles, and gets everything ready to {@link start}. @throws CliError (4) */
  static async prepare(options: ServicesOptions): Promise<Services> {
    const { infrastructure, changed, logFile, logger } = options;
    const databases = await makeDatabases(infrastructure.postgresUrl, options.databases);
    const plan = planServices({ ...options, natsUrl: infrastructure.natsUrl, databases });
    const services: SupervisedService[] = [];
    const told = () => changed(services.map((service) => service.state));
    const patience = patienceOf(options.settings);
    for (const each of plan.services) {
      services.push(new SupervisedService({ plan: each, logFile, logger, patience, changed: told }));
    }
    return new Services(services, { ...plan.migration, logFile });
  }

  get states(): readonly ServiceState[] {
    return this.#services.map((service) => service.state);
  }

  /** Makes the schemas, then starts all; resolves when they are ready. @throws CliError with the words of the first that fails */
  async start(): Promise<void> {
    this.#migrating = spawnServing({
      name: 'migrations',
      args: ['--context', 'all', '--migrate'],
      ...this.#migration,
    });
    const { code, error } = await this.#migrating.ended;
    this.#migrating = undefined;
    if (code !== 0) throw error;
    await Promise.all(this.#services.map((service) => service.start()));
  }

  /** The gateway first, so that nothing new comes in; then the services side by side. */
  async stop(): Promise<void> {
    this.#migrating?.child.kill('SIGKILL');
    await this.#services.at(-1)?.stop(limits.gatewayStopMs);
    await Promise.all(this.#services.slice(0, -1).map((service) => service.stop(limits.serviceStopMs)));
  }

  hurry(): void {
    this.#migrating?.child.kill('SIGKILL');
    for (const service of this.#services) service.kill();
  }
}

function patienceOf({ startTimeout, silenceTimeout }: Settings): Patience {
  const answersWithinMs = parseDuration(silenceTimeout) ?? 0;
  return { answersWithinMs, firstAnswerWithinMs: (parseDuration(startTimeout) ?? 0) + answersWithinMs };
}

async function makeDatabases(adminUrl: string, databases: Readonly<Record<string, string>>) {
  try {
    return await prepareServiceDatabases({ adminUrl, databases });
  } catch (error) {
    throw new CliError(`The databases of the services cannot be made at ${withoutPassword(adminUrl)}.`, {
      exitCode: exitCodes.environment,
      cause: error,
      next: 'let MALL_POSTGRES_URL name a role that may create databases and roles, or use `mall up --mode monolith`',
    });
  }
}
