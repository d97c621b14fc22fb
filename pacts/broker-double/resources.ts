import { z } from 'zod';
import type { BrokerStore, MatrixRow, StoredPact } from './store.ts';

/** What a request is about. */
export interface Asked {
  readonly store: BrokerStore;
  /** The broker's own address, for links. */
  readonly base: string;
  /** What the pattern's names stand for in this path. */
  readonly parts: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Resource {
  readonly status?: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Route {
  readonly method: string;
  /** Parts in braces stand for anything. */
  readonly path: string;
  readonly answer: (asked: Asked) => Resource;
}

const missing: Resource = {
  status: 404,
  body: { error: 'The requested document was not found on this server.' },
};
const at = (base: string, ...parts: readonly string[]) => [base, ...parts.map(encodeURIComponent)].join('/');

/** The broker's resources as its documentation has them, as far as its clients and `mall pacts` use them. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/', answer: index },
  { method: 'POST', path: '/contracts/publish', answer: publishContracts },
  { method: 'GET', path: '/pacts/latest', answer: latestPacts },
  // Clients read it first, then post what they want to its own link.
  { method: 'GET', path: '/pacts/provider/{provider}/for-verification', answer: pactsForVerification },
  { method: 'POST', path: '/pacts/provider/{provider}/for-verification', answer: pactsForVerification },
  {
    method: 'GET',
    path: '/pacts/provider/{provider}/consumer/{consumer}/pact-version/{sha}',
    answer: onePact,
  },
  {
    method: 'POST',
    path: '/pacts/provider/{provider}/consumer/{consumer}/pact-version/{sha}/verification-results',
    answer: publishResults,
  },
  { method: 'GET', path: '/pacticipants/{pacticipant}', answer: onePacticipant },
  {
    method: 'PUT',
    path: '/pacticipants/{pacticipant}/branches/{branch}/versions/{version}',
    answer: putVersion,
  },
  { method: 'GET', path: '/pacticipants/{pacticipant}/versions/{version}', answer: oneVersion },
  { method: 'GET', path: '/environments', answer: environments },
  {
    method: 'POST',
    path: '/pacticipants/{pacticipant}/versions/{version}/deployed-versions/environment/{uuid}',
    answer: recordDeployment,
  },
  { method: 'GET', path: '/matrix', answer: matrix },
];

function index({ base }: Asked): Resource {
  const templated = true;
  const versions = `${base}/pacticipants/{pacticipant}/versions/{version}`;
  return {
    body: {
      _links: {
        self: { href: base, title: 'Index', templated: false },
        'pb:publish-contracts': { href: `${base}/contracts/publish`, title: 'Publish contracts' },
        'pb:latest-pact-versions': { href: `${base}/pacts/latest`, title: 'Latest pact versions' },
        'pb:pacticipant': { href: `${base}/pacticipants/{pacticipant}`, templated },
        'pb:pacticipant-version': { href: versions, templated },
        'pb:provider-pacts-for-verification': {
          href: `${base}/pacts/provider/{provider}/for-verification`,
          templated,
        },
        'pb:environments': { href: `${base}/environments`, title: 'Environments' },
      },
    },
  };
}

const publication = z.object({
  pacticipantName: z.string(),
  pacticipantVersionNumber: z.string(),
  branch: z.string().nullish(),
  contracts: z.array(
    z.object({ providerName: z.string(), content: z.string(), onConflict: z.string().nullish() }),
  ),
});

function publishContracts({ base, store, body }: Asked): Resource {
  const parsed = publication.safeParse(body);
  if (!parsed.success) return { status: 400, body: { errors: { body: [parsed.error.message] } } };
  const { pacticipantName: consumer, pacticipantVersionNumber: version, contracts } = parsed.data;
  const branch = parsed.data.branch ?? undefined;
  for (const { providerName: provider, content } of contracts) {
    const json = pactJson.parse(JSON.parse(Buffer.from(content, 'base64').toString('utf8')));
    if (!store.publish({ consumer, provider, version, branch, json })) {
      const text = `Cannot change the content of the pact for ${consumer} version ${version} and provider ${provider}`;
      return { status: 409, body: { notices: [{ type: 'error', text }], errors: { contracts: [text] } } };
    }
  }
  store.versions.push({ pacticipant: consumer, version, ...(branch !== undefined && { branch }) });
  return {
    body: {
      notices: [{ type: 'success', text: `Created ${consumer} version ${version}` }],
      _embedded: { pacticipant: { name: consumer }, version: { number: version } },
      _links: {
        'pb:pacticipant': { href: at(`${base}/pacticipants`, consumer) },
        'pb:contracts': contracts.map(({ providerName }) => ({
          href: at(`${base}/pacts/provider`, providerName, 'consumer', consumer),
        })),
      },
    },
  };
}

const pactJson = z.record(z.string(), z.unknown());

function pactHref(base: string, { consumer, provider, sha }: StoredPact): string {
  return at(`${base}/pacts/provider`, provider, 'consumer', consumer, 'pact-version', sha);
}

function latestPacts({ base, store }: Asked): Resource {
  const providers = [...new Set(store.pacts.map(({ provider }) => provider))].sort();
  const pacts = providers.flatMap((provider) => store.latest(provider));
  return {
    body: {
      pacts: pacts.map((pact) => ({
        _embedded: {
          consumer: { name: pact.consumer, _embedded: { version: { number: pact.version } } },
          provider: { name: pact.provider },
        },
        _links: { self: { href: pactHref(base, pact) } },
      })),
    },
  };
}

function pactsForVerification({ base, store, parts }: Asked): Resource {
  const { provider = '' } = parts;
  const pacts = store.latest(provider).map((pact) => ({
    shortDescription: 'latest',
    verificationProperties: { pending: false, notices: [] },
    _links: { self: { href: pactHref(base, pact), name: `Pact between ${pact.consumer} and ${provider}` } },
  }));
  const self = { href: at(`${base}/pacts/provider`, provider, 'for-verification') };
  return { body: { _embedded: { pacts }, _links: { self } } };
}

function onePact({ base, store, parts }: Asked): Resource {
  const { consumer = '', provider = '', sha = '' } = parts;
  const pact = store.pact(consumer, provider, sha);
  if (!pact) return missing;
  const last = store.verifications.findLast(
    (each) => each.consumer === consumer && each.provider === provider && each.sha === sha,
  );
  const href = pactHref(base, pact);
  return {
    body: {
      ...pact.json,
      _links: {
        self: { href },
        'pb:provider': { href: at(`${base}/pacticipants`, provider), name: provider },
        'pb:publish-verification-results': { href: `${href}/verification-results` },
        ...(last && {
          'pb:latest-verification-results': { href: `${href}/verification-results/${last.number}` },
        }),
      },
      ...(last && {
        _embedded: {
          latestVerificationResult: {
            success: last.success,
            providerApplicationVersion: last.providerVersion,
          },
        },
      }),
    },
  };
}

const results = z.object({
  success: z.boolean(),
  providerApplicationVersion: z.string(),
  buildUrl: z.string().nullish(),
});

function publishResults({ store, parts, body }: Asked): Resource {
  const { consumer = '', provider = '', sha = '' } = parts;
  if (!store.pact(consumer, provider, sha)) return missing;
  const { success, providerApplicationVersion: providerVersion, buildUrl } = results.parse(body);
  const number = store.verifications.length + 1;
  store.verifications.push({
    ...{ number, consumer, provider, sha, providerVersion, success },
    buildUrl: buildUrl ?? undefined,
  });
  return { status: 201, body: { success, providerApplicationVersion: providerVersion } };
}

function onePacticipant({ base, parts }: Asked): Resource {
  const { pacticipant = '' } = parts;
  const self = at(`${base}/pacticipants`, pacticipant);
  return {
    body: {
      name: pacticipant,
      _links: {
        self: { href: self },
        'pb:branch-version': { href: `${self}/branches/{branch}/versions/{version}`, templated: true },
        'pb:version-tag': { href: `${self}/versions/{version}/tags/{tag}`, templated: true },
      },
    },
  };
}

function putVersion({ store, parts }: Asked): Resource {
  const { pacticipant = '', branch = '', version = '' } = parts;
  store.versions.push({ pacticipant, branch, version });
  return { status: 201, body: { number: version } };
}

function oneVersion({ base, store, parts }: Asked): Resource {
  const { pacticipant = '', version = '' } = parts;
  const known =
    store.versions.some((each) => each.pacticipant === pacticipant && each.version === version) ||
    store.verifications.some((each) => each.provider === pacticipant && each.providerVersion === version);
  if (!known) return missing;
  const self = at(`${base}/pacticipants`, pacticipant, 'versions', version);
  const record = store.environments.map(({ name, uuid }) => ({
    name,
    href: `${self}/deployed-versions/environment/${uuid}`,
    title: `Record deployment to ${name}`,
  }));
  return { body: { number: version, _links: { self: { href: self }, 'pb:record-deployment': record } } };
}

function environments({ base, store }: Asked): Resource {
  const all = store.environments.map(({ name, uuid }) => ({
    ...{ name, uuid, displayName: name, production: name === 'production' },
    _links: { self: { href: `${base}/environments/${uuid}` } },
  }));
  return { body: { _embedded: { environments: all } } };
}

function recordDeployment({ store, parts }: Asked): Resource {
  const { pacticipant = '', version = '', uuid } = parts;
  const environment = store.environments.find((each) => each.uuid === uuid);
  if (!environment) return missing;
  store.deployments.push({ pacticipant, version, environment: environment.name });
  return { status: 201, body: { currentlyDeployed: true, _embedded: { version: { number: version } } } };
}

function matrix({ store, query }: Asked): Resource {
  const versions = query.getAll('q[][version]');
  const names = query.getAll('q[][pacticipant]');
  const selected = new Map(names.map((name, index) => [name, versions[index] ?? '']));
  const environment = query.get('environment') ?? '';
  if (!store.environments.some(({ name }) => name === environment)) {
    return {
      status: 400,
      body: { errors: { environment: [`environment with name '${environment}' does not exist`] } },
    };
  }
  const { rows, deployable, reason } = store.canDeploy(selected, environment);
  const count = (success: boolean | undefined) => rows.filter((row) => row.success === success).length;
  const counts = { success: count(true), failed: count(false), unknown: count(undefined) };
  return {
    body: {
      summary: { deployable: deployable ?? null, reason, ...counts },
      notices: [{ type: deployable ? 'success' : 'error', text: reason }],
      matrix: rows.map(matrixRow),
    },
  };
}

function matrixRow({ pact, providerVersion, success }: MatrixRow) {
  return {
    consumer: { name: pact.consumer, version: { number: pact.version } },
    provider: {
      name: pact.provider,
      version: providerVersion === undefined ? null : { number: providerVersion },
    },
    pact: { createdAt: '2026-01-01T00:00:00+00:00' },
    verificationResult: success === undefined ? null : { success, verifiedAt: '2026-01-01T00:00:00+00:00' },
  };
}
