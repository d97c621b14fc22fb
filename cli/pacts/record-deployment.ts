import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { Broker, type BrokerAccess } from './broker.ts';
import type { Deployment } from './can-i-deploy.ts';
import { Ledger } from './ledger.ts';
import { pactCli } from './pact-cli.ts';
import { ledgerFile } from './places.ts';

/** Tells the broker, or without one the ledger, what now runs where. @throws CliError */
export async function recordDeployment(
  { pacticipants, version, environment }: Deployment,
  access: BrokerAccess | undefined,
): Promise<void> {
  if (access === undefined) {
    const deployed = { kind: 'deployed', at: new Date().toISOString(), version, environment } as const;
    new Ledger(ledgerFile()).add(pacticipants.map((pacticipant) => ({ ...deployed, pacticipant })));
    return;
  }
  await Broker.open(access);
  for (const pacticipant of pacticipants) {
    const about = ['--pacticipant', pacticipant, '--version', version, '--environment', environment];
    const { code, said } = await pactCli(access, ['record-deployment', ...about]);
    if (code === 0) continue;
    throw new CliError(
      `The broker at ${access.url} did not record that ${pacticipant} runs in ${environment}.`,
      {
        exitCode: exitCodes.checkFailed,
        cause: said || `its client ended with code ${code}`,
        next: 'check that this version was published or verified there, and that the environment exists',
      },
    );
  }
}
