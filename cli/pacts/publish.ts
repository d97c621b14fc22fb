import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { Broker, type BrokerAccess } from './broker.ts';
import { Ledger } from './ledger.ts';
import { pactCli } from './pact-cli.ts';
import type { PactFile } from './pact-files.ts';
import { ledgerFile } from './places.ts';
import type { ProjectVersion } from './project-version.ts';

const shownChanges = 5;

/** A version must say what was tested. @throws CliError (4) where files differ from the commit */
export function mustBeCommitted({ commit, changed }: ProjectVersion, what: string): void {
  if (changed.length === 0) return;
  const shown = changed.slice(0, shownChanges).map((line) => line.slice(3));
  const more = changed.length > shownChanges ? ` and ${changed.length - shownChanges} more` : '';
  throw new CliError(
    `${what} as ${commit.slice(0, 10)} would be untrue: files differ from that commit (${shown.join(', ')}${more}).`,
    { exitCode: exitCodes.environment, next: 'commit or stash them, then try again' },
  );
}

/** Gives the pacts to the broker under a version, or, without one, keeps that they were. @throws CliError */
export async function publishPacts(
  pacts: readonly PactFile[],
  version: ProjectVersion,
  access: BrokerAccess | undefined,
): Promise<void> {
  mustBeCommitted(version, 'Publishing the pacts');
  if (access === undefined) return publishLocally(pacts, version);
  await Broker.open(access);
  const { commit, branch, buildUrl } = version;
  const { code, said } = await pactCli(access, [
    'publish',
    ...pacts.map(({ path }) => path),
    ...['--consumer-app-version', commit],
    ...(branch === undefined ? [] : ['--branch', branch]),
    ...(buildUrl === undefined ? [] : ['--build-url', buildUrl]),
  ]);
  if (code === 0) return;
  throw new CliError(`The broker at ${access.url} did not take the pacts.`, {
    exitCode: exitCodes.checkFailed,
    cause: said === '' ? `its client ended with code ${code}` : said,
    next: 'a version has one content for good: commit a change of the pacts and publish that',
  });
}

function publishLocally(pacts: readonly PactFile[], { commit, branch }: ProjectVersion): void {
  const at = new Date().toISOString();
  const published = {
    kind: 'published',
    at,
    version: commit,
    ...(branch !== undefined && { branch }),
  } as const;
  const entries = pacts.map(({ consumer, provider, digest }) => ({
    ...published,
    consumer,
    provider,
    digest,
  }));
  new Ledger(ledgerFile()).add(entries);
}
