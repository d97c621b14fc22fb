import type { FastifyInstance } from 'fastify';
import type { ContextName } from '../../../proto/catalogue.ts';
import {
  asyncApiPages,
  gateway,
  healthRoutes,
  httpLimits,
  httpServer,
  type MetricsText,
  type ReadinessCheck,
  requestMetrics,
  requestSpans,
  restContexts,
  swaggerUi,
  tracePages,
} from '../http/index.ts';
import { landing } from '../landing/index.ts';
import { RpcServer, type RpcService, rpcLimits, StandardServices, type UnaryMethod } from '../rpc/index.ts';
import type { Metrics, Tracer } from '../telemetry/index.ts';

export interface DoorSettings {
  readonly host: string;
  /** 0 takes a free port. */
  readonly restPort: number;
  /** 0 takes a free port. */
  readonly grpcPort: number;
  readonly natsUrl: string;
  readonly natsStream: string;
  /** Who answers Jaeger's query API about this mall; without it there is nothing to look at. */
  readonly tracesUrl?: string | undefined;
}

/** What is behind the doors. */
export interface BehindDoors {
  /** Contexts whose routes, documents and pages are served. */
  readonly contexts: readonly ContextName[];
  readonly services: readonly RpcService[];
  readonly checks: readonly ReadinessCheck[];
  readonly metrics: MetricsText;
}

/** The two doors of a process: REST with documents, health and metrics on one port, gRPC on the other. */
export class Doors {
  readonly #settings: DoorSettings;
  readonly #rpc: RpcServer;
  readonly #app: FastifyInstance = httpServer(httpLimits);
  readonly #standard = new StandardServices();
  #intake = false;

  /** @param seen tracer and metrics of the REST door */
  constructor(settings: DoorSettings, seen: { readonly tracer: Tracer; readonly metrics: Metrics }) {
    this.#settings = settings;
    requestMetrics(this.#app, seen.metrics);
    requestSpans(this.#app, seen.tracer);
    this.#rpc = new RpcServer({ host: settings.host, port: settings.grpcPort, limits: rpcLimits });
  }

  /** Once they are open, with the ports that were taken. */
  get grpcAddress(): string {
    return this.#rpc.address;
  }

  get restUrl(): string {
    const { host, restPort } = this.#settings;
    const address = this.#app.server.address();
    return `http://${host}:${typeof address === 'object' && address ? address.port : restPort}`;
  }

  /** @throws Error of the operating system when a port cannot be had */
  async open({ contexts, services, checks, metrics }: BehindDoors): Promise<void> {
    const { host, restPort, natsStream, natsUrl, tracesUrl } = this.#settings;
    const methods = new Map<string, UnaryMethod>();
    for (const service of services) {
      this.#rpc.add(service);
      for (const method of service) methods.set(method.path, method);
    }
    const process: ReadinessCheck = {
      name: 'process',
      check: async () => (this.#intake ? undefined : 'it is starting or stopping'),
    };
    const served = new Set<string>(contexts);
    healthRoutes(this.#app, { checks: [process, ...checks], metrics });
    const documented = restContexts.filter((name) => served.has(name));
    await this.#app.register(
      landing({
        contexts,
        restContexts: documented,
        traces: tracesUrl !== undefined,
        natsUrl,
        natsStream,
        grpcAddress: () => this.grpcAddress,
      }),
    );
    await this.#app.register(swaggerUi(documented));
    await this.#app.register(asyncApiPages(contexts, { stream: natsStream, server: natsUrl }));
    await this.#app.register(tracePages(tracesUrl));
    gateway(this.#app, { methods, deadlineMs: httpLimits.callDeadlineMs });
    this.#standard.addTo(this.#rpc);
    await this.#rpc.listen();
    await this.#app.listen({ host, port: restPort });
  }

  /** Whether this process wants work: what both health doors say from now on. */
  serving(yes: boolean): void {
    this.#intake = yes;
    this.#standard.serving(yes);
  }

  async closeRest(): Promise<void> {
    await this.#app.close();
  }

  /** Takes no new calls; those still running at the deadline are cut off. */
  async closeRpc(deadlineMs: number): Promise<void> {
    await this.#rpc.close(deadlineMs);
  }
}
