import { createHash } from 'node:crypto';

/** One version of a consumer's side of a contract. */
export interface StoredPact {
  readonly consumer: string;
  readonly provider: string;
  readonly version: string;
  readonly branch: string | undefined;
  /** Of the content: versions that changed nothing have the same. */
  readonly sha: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface StoredVerification {
  readonly number: number;
  readonly consumer: string;
  readonly provider: string;
  readonly sha: string;
  readonly providerVersion: string;
  readonly success: boolean;
  readonly buildUrl: string | undefined;
  /** As the verifier told it. */
  readonly testResults: unknown;
}

export interface StoredVersion {
  readonly pacticipant: string;
  readonly version: string;
  readonly branch: string | undefined;
  readonly buildUrl: string | undefined;
}

export interface StoredDeployment {
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
}

/** A row of the matrix: a consumer's version, a provider's version, and whether the one can live with the other. */
export interface MatrixRow {
  readonly pact: StoredPact;
  readonly providerVersion: string | undefined;
  /** Undefined where it was never verified. */
  readonly result: StoredVerification | undefined;
}

export interface Answer {
  readonly rows: readonly MatrixRow[];
  /** Undefined while something is not known. */
  readonly deployable: boolean | undefined;
  readonly reason: string;
}

/** What a broker remembers. */
export class BrokerStore {
  readonly pacts: StoredPact[] = [];
  readonly verifications: StoredVerification[] = [];
  readonly deployments: StoredDeployment[] = [];
  readonly versions: StoredVersion[] = [];
  readonly environments = ['test', 'production'].map((name) => ({ name, uuid: uuidOf(name) }));

  /** @returns false where this version has a pact already and it says something else */
  publish(pact: Omit<StoredPact, 'sha'>): boolean {
    const sha = createHash('sha1').update(JSON.stringify(pact.json.interactions)).digest('hex');
    const there = this.pacts.find((each) => isBetween(each, pact) && each.version === pact.version);
    if (there) return there.sha === sha;
    this.pacts.push({ ...pact, sha });
    return true;
  }

  /** Whether a pacticipant was ever named. */
  knows(pacticipant: string): boolean {
    return (
      this.versions.some((each) => each.pacticipant === pacticipant) ||
      this.pacts.some(({ consumer, provider }) => consumer === pacticipant || provider === pacticipant)
    );
  }

  /** Of each consumer the latest pact, by content. */
  latest(provider: string): readonly StoredPact[] {
    const byConsumer = new Map<string, StoredPact>();
    for (const pact of this.pacts) if (pact.provider === provider) byConsumer.set(pact.consumer, pact);
    return [...byConsumer.values()];
  }

  pact(consumer: string, provider: string, sha: string): StoredPact | undefined {
    return this.pacts.findLast((pact) => isBetween(pact, { consumer, provider }) && pact.sha === sha);
  }

  verification(pact: StoredPact, providerVersion: string): StoredVerification | undefined {
    return this.verifications.findLast(
      (each) => isBetween(each, pact) && each.sha === pact.sha && each.providerVersion === providerVersion,
    );
  }

  deployed(pacticipant: string, environment: string): string | undefined {
    return this.deployments.findLast(
      (each) => each.pacticipant === pacticipant && each.environment === environment,
    )?.version;
  }

  /** Whether versions can live with each other, and with what else is in an environment. */
  canDeploy(selected: ReadonlyMap<string, string>, environment: string): Answer {
    const asConsumers = this.pacts.filter((pact) => selected.get(pact.consumer) === pact.version);
    const asProviders = [...selected.keys()].flatMap((name) => this.#consumersIn(environment, name));
    const rows = [
      ...asConsumers.map((pact) =>
        this.#row(pact, selected.get(pact.provider) ?? this.deployed(pact.provider, environment)),
      ),
      ...asProviders
        .filter((pact) => !selected.has(pact.consumer))
        .map((pact) => this.#row(pact, selected.get(pact.provider))),
    ];
    const failed = rows.filter(({ result }) => result?.success === false);
    const unknown = rows.filter(({ result }) => result === undefined);
    if (failed.length > 0) return { rows, deployable: false, reason: rowText(failed[0], 'failed') };
    if (unknown.length > 0) return { rows, deployable: undefined, reason: rowText(unknown[0], 'missing') };
    return {
      rows,
      deployable: true,
      reason: 'All required verification results are published and successful',
    };
  }

  #consumersIn(environment: string, provider: string): StoredPact[] {
    return this.latest(provider).flatMap(({ consumer }) => {
      const version = this.deployed(consumer, environment);
      const pact = this.pacts.findLast(
        (each) => isBetween(each, { consumer, provider }) && each.version === version,
      );
      return pact ? [pact] : [];
    });
  }

  #row(pact: StoredPact, providerVersion: string | undefined): MatrixRow {
    const result = providerVersion === undefined ? undefined : this.verification(pact, providerVersion);
    return { pact, providerVersion, result };
  }
}

function rowText(row: MatrixRow | undefined, what: 'failed' | 'missing'): string {
  const { pact, providerVersion } = row ?? {};
  const pair = `${pact?.consumer} (${pact?.version}) and ${pact?.provider} (${providerVersion ?? 'no version'})`;
  return what === 'failed'
    ? `The verification for the pact between ${pair} failed`
    : `There is no verified pact between ${pair}`;
}

type Pair = Pick<StoredPact, 'consumer' | 'provider'>;

function isBetween(one: Pair, other: Pair): boolean {
  return one.consumer === other.consumer && one.provider === other.provider;
}

function uuidOf(name: string): string {
  const hex = createHash('sha1').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
