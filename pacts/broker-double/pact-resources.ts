import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Asked, anyDate, at, missing, pactHref, type Resource } from './resource.ts';
import type { StoredPact } from './store.ts';

const publication = z.object({
  pacticipantName: z.string(),
  pacticipantVersionNumber: z.string(),
  branch: z.string().nullish(),
  buildUrl: z.string().nullish(),
  contracts: z.array(
    z.object({ providerName: z.string(), content: z.string(), onConflict: z.string().nullish() }),
  ),
});

export function publishContracts({ base, store, body }: Asked): Resource {
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
  const buildUrl = parsed.data.buildUrl ?? undefined;
  store.versions.push({ pacticipant: consumer, version, branch, buildUrl });
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

export function latestPacts({ base, store }: Asked): Resource {
  const providers = [...new Set(store.pacts.map(({ provider }) => provider))].sort();
  const pacts = providers.flatMap((provider) => store.latest(provider));
  return {
    body: {
      pacts: pacts.map((pact) => ({
        _embedded: {
          consumer: { name: pact.consumer, _embedded: { version: { number: pact.version } } },
          provider: { name: pact.provider },
        },
        _links: {
          self: [
            { href: at(`${base}/pacts/provider`, pact.provider, 'consumer', pact.consumer, 'latest') },
            { href: pactHref(base, pact) },
          ],
        },
      })),
    },
  };
}

export function pactsForVerification({ base, store, parts }: Asked): Resource {
  const { provider = '' } = parts;
  if (!store.knows(provider)) return missing;
  const pacts = store.latest(provider).map((pact) => ({
    shortDescription: 'latest',
    verificationProperties: { pending: false, notices: [] },
    _links: { self: { href: pactHref(base, pact), name: `Pact between ${pact.consumer} and ${provider}` } },
  }));
  const self = { href: at(`${base}/pacts/provider`, provider, 'for-verification') };
  return { body: { _embedded: { pacts }, _links: { self } } };
}

export function onePact({ base, store, parts }: Asked): Resource {
  const { consumer = '', provider = '', sha = '' } = parts;
  const pact = store.pact(consumer, provider, sha);
  return pact ? pactResource(base, pact) : missing;
}

export function latestPact({ base, store, parts }: Asked): Resource {
  const { consumer = '', provider = '' } = parts;
  const pact = store.latest(provider).find((each) => each.consumer === consumer);
  return pact ? pactResource(base, pact) : missing;
}

/** Its content, with an id for each interaction, by which verifiers tell how that fared. */
function pactResource(base: string, pact: StoredPact): Resource {
  const { provider } = pact;
  const href = pactHref(base, pact);
  const { interactions } = pact.json;
  return {
    body: {
      ...pact.json,
      ...(Array.isArray(interactions) && { interactions: interactions.map(withId) }),
      _links: {
        self: { href },
        'pb:provider': { href: at(`${base}/pacticipants`, provider), name: provider },
        'pb:publish-verification-results': { href: `${href}/verification-results` },
        'pb:latest-verification-results': { href: `${href}/verification-results/latest` },
      },
    },
  };
}

function withId(interaction: object): object {
  return { ...interaction, _id: createHash('sha1').update(JSON.stringify(interaction)).digest('hex') };
}

export function oneResult({ store, parts }: Asked): Resource {
  const { consumer, provider, sha, number } = parts;
  const result = store.verifications.findLast(
    (each) =>
      each.consumer === consumer &&
      each.provider === provider &&
      each.sha === sha &&
      (number === 'latest' || String(each.number) === number),
  );
  if (!result) return missing;
  const { success, providerVersion: providerApplicationVersion, buildUrl, testResults } = result;
  return {
    body: { success, providerApplicationVersion, verificationDate: anyDate, buildUrl, testResults },
  };
}

const results = z.object({
  success: z.boolean(),
  providerApplicationVersion: z.string(),
  buildUrl: z.string().nullish(),
  testResults: z.unknown(),
});

export function publishResults({ store, parts, body }: Asked): Resource {
  const { consumer = '', provider = '', sha = '' } = parts;
  if (!store.pact(consumer, provider, sha)) return missing;
  const { success, providerApplicationVersion: providerVersion, buildUrl, testResults } = results.parse(body);
  const number = store.verifications.length + 1;
  store.verifications.push({
    ...{ number, consumer, provider, sha, providerVersion, success },
    ...{ buildUrl: buildUrl ?? undefined, testResults },
  });
  return { status: 201, body: { success, providerApplicationVersion: providerVersion } };
}
