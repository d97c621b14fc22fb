/** A mall as the run names it to its scenarios; JSON, since it travels to other threads. */
export type MallUnderTest = {
  readonly name: string;
  /** Where its REST door is: `http://127.0.0.1:8080`. */
  readonly rest: string;
  /** `host:port` of its gRPC door; absent where it was not told. */
  readonly grpc?: string;
  /** Its databases and its broker; absent where only the doors are known. */
  readonly inside?: InsideAddresses;
};

export type InsideAddresses = {
  readonly postgresUrl: string;
  /** Names of the databases by context, where each has its own. */
  readonly databases?: Readonly<Record<string, string>> | undefined;
  readonly natsUrl: string;
  readonly natsStream: string;
};

/** What a run tells every scenario. */
export type FeatureParameters = {
  readonly mall: MallUnderTest;
  /** Name of the run; malls that scenarios start for themselves begin with it. */
  readonly run: string;
  /** How malls of the scenarios' own are started. */
  readonly infra: string;
  readonly mode: string;
  /** How long a step waits for what must come about. */
  readonly patienceMs: number;
};
