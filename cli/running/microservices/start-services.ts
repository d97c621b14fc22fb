import type { Logger } from 'pino';
import { prepareServiceDatabases } from '../../../containers/database/service-databases.ts';
import { contextNames } from '../../../proto/contexts.ts';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type ServiceState, withoutPassword } from '../../malls/state.ts';
import type { Settings } from '../../settings/index.ts';
import type { Infrastructure } from '../infrastructure.ts';
import type { Traces } from '../traces.ts';
import { supervisionLimits as limits } from './limits.ts';
import { planServices } from './service-plan.ts';
import { SupervisedService } from './supervised-service.ts';

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

/** The processes of a mall: nine services and the gateway. */
export class Services {
  /** Resolves with a sentence when one of them cannot be kept running. */
  readonly lost: Promise<string>;
  readonly restUrl: string;
  readonly grpcAddress: string;
  readonly contexts = contextNames;
  readonly #services: readonly SupervisedService[];

  private constructor(services: readonly SupervisedService[]) {
    this.#services = services;
    this.lost = Promise.race(services.map((service) => service.lost));
    const gateway = services.at(-1)?.state;
    this.restUrl = gateway?.rest ?? '';
    this.grpcAddress = gateway?.grpc ?? '';
  }

  /** Makes databases and roles, and gets everything ready to {@link start}. @throws CliError (4) */
  static async prepare(options: ServicesOptions): Promise<Services> {
    const { infrastructure, changed, logFile, logger } = options;
    const databases = await makeDatabases(infrastructure.postgresUrl, options.databases);
    const plans = planServices({ ...options, natsUrl: infrastructure.natsUrl, databases });
    const services: SupervisedService[] = [];
    const told = () => changed(services.map((service) => service.state));
    for (const plan of plans) services.push(new SupervisedService({ plan, logFile, logger, changed: told }));
    return new Services(services);
  }

  get states(): readonly ServiceState[] {
    return this.#services.map((service) => service.state);
  }

  /** Resolves when all are ready. @throws CliError with the words of the first one that fails */
  async start(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.start()));
  }

  /** The gateway first, so that nothing new comes in; then the services side by side. */
  async stop(): Promise<void> {
    await this.#services.at(-1)?.stop(limits.gatewayStopMs);
    await Promise.all(this.#services.slice(0, -1).map((service) => service.stop(limits.serviceStopMs)));
  }

  hurry(): void {
    for (const service of this.#services) service.kill();
  }
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
