import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askLedger } from './can-i-deploy.ts';
import type { LedgerEntry } from './ledger.ts';
import type { PactFile } from './pact-files.ts';

/* Without a broker: `web` relies on `api`, both of this project and at `now`. */
const pact: PactFile = {
  path: '',
  consumer: 'web',
  provider: 'api',
  interactions: [],
  digest: 'now-content',
};
const at = '2026-01-02T03:04:05.678Z';

const verified = (about: Partial<Extract<LedgerEntry, { kind: 'verified' }>> = {}): LedgerEntry => ({
  ...{ kind: 'verified', at, consumer: 'web', provider: 'api', digest: 'now-content', version: 'now' },
  ...{ changed: false, failures: [] },
  ...about,
});
const published = (version: string, digest: string): LedgerEntry => ({
  ...{ kind: 'published', at, consumer: 'web', provider: 'api' },
  ...{ version, digest },
});
const deployed = (pacticipant: string, version: string): LedgerEntry => ({
  ...{ kind: 'deployed', at, environment: 'production' },
  ...{ pacticipant, version },
});

const both = ['api', 'web'];
for (const { what, entries, pacticipants, reasons } of [
  { what: 'both, verified', entries: [verified()], pacticipants: both, reasons: [] },
  { what: 'both, never verified', entries: [], pacticipants: both, reasons: ['it is not verified'] },
  {
    what: 'both, verified before the pact changed',
    entries: [verified({ digest: 'old-content' })],
    pacticipants: both,
    reasons: ['it is not verified'],
  },
  {
    what: 'both, verified with another commit of the provider',
    entries: [verified({ version: 'before' })],
    pacticipants: both,
    reasons: ['it is not verified'],
  },
  {
    what: 'both, verified with files that were not committed',
    entries: [verified({ changed: true })],
    pacticipants: both,
    reasons: ['it was verified with files that differ from the commit'],
  },
  {
    what: 'both, failed after it had been kept',
    entries: [verified(), verified({ failures: [{ interaction: 'a call', reason: 'no field' }] })],
    pacticipants: both,
    reasons: ['a call: no field'],
  },
  {
    what: 'the consumer alone, its provider nowhere',
    entries: [verified()],
    pacticipants: ['web'],
    reasons: ['api is not deployed to production'],
  },
  {
    what: 'the consumer alone, verified with the provider that runs there',
    entries: [deployed('api', 'before'), verified({ version: 'before' })],
    pacticipants: ['web'],
    reasons: [],
  },
  { what: 'the provider alone, nobody there to break', entries: [], pacticipants: ['api'], reasons: [] },
  {
    what: 'the provider alone, verified with what runs there expects',
    entries: [
      published('before', 'old-content'),
      deployed('web', 'before'),
      verified({ digest: 'old-content' }),
    ],
    pacticipants: ['api'],
    reasons: [],
  },
  {
    what: 'the provider alone, verified with the new pact only',
    entries: [published('before', 'old-content'), deployed('web', 'before'), verified()],
    pacticipants: ['api'],
    reasons: ['it is not verified'],
  },
]) {
  test(what, () => {
    const deployment = { pacticipants, version: 'now', environment: 'production' };
    assert.deepEqual(askLedger([pact], entries, deployment), {
      deployable: reasons.length === 0,
      reasons: reasons.map((reason) => `web of api: ${reason}`),
    });
  });
}
