import {
  latestPact,
  latestPacts,
  onePact,
  oneResult,
  pactsForVerification,
  publishContracts,
  publishResults,
} from './pact-resources.ts';
import { type Asked, anyDate, at, missing, pactHref, type Resource, type Route } from './resource.ts';
import type { MatrixRow } from './store.ts';

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
  {
    method: 'GET',
    path: '/pacts/provider/{provider}/consumer/{consumer}/pact-version/{sha}/verification-results/{number}',
    answer: oneResult,
  },
  { method: 'GET', path: '/pacts/provider/{provider}/consumer/{consumer}/latest', answer: latestPact },
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
  store.versions.push({ pacticipant, branch, version, buildUrl: undefined });
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

function matrix({ base, store, query }: Asked): Resource {
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
  const count = (success: boolean | undefined) =>
    rows.filter((row) => row.result?.success === success).length;
  const counts = { success: count(true), failed: count(false), unknown: count(undefined) };
  return {
    body: {
      summary: { deployable: deployable ?? null, reason, ...counts },
      notices: [{ type: deployable ? 'success' : 'error', text: reason }],
      matrix: rows.map((row) => matrixRow(base, row)),
    },
  };
}

function matrixRow(base: string, { pact, providerVersion, result }: MatrixRow) {
  const href = pactHref(base, pact);
  return {
    consumer: { name: pact.consumer, version: { number: pact.version } },
    provider: {
      name: pact.provider,
      version: providerVersion === undefined ? null : { number: providerVersion },
    },
    pact: { createdAt: anyDate, _links: { self: { href } } },
    verificationResult:
      result === undefined
        ? null
        : {
            success: result.success,
            verifiedAt: anyDate,
            _links: { self: { href: `${href}/verification-results/${result.number}` } },
          },
  };
}
