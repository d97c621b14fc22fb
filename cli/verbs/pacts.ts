import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { BrokerAccess } from '../pacts/broker.ts';
import type { PactFile } from '../pacts/pact-files.ts';
import type { ProjectVersion } from '../pacts/project-version.ts';
import { onInterruption } from '../terminal/interruption.ts';
import { inCi, type Output } from '../terminal/output.ts';
import { outputOf, verb, verbGroup } from './verb.ts';

type Flags = Readonly<Record<string, unknown>>;

/** `mall pacts`: the contracts, with a broker or with the files in pacts/files. */
export function pactsCommand(): Command {
  return verbGroup({
    name: 'pacts',
    description:
      'Contracts between contexts and with their clients: at a Pact Broker, or, where none is named, those in ' +
      'pacts/files with a ledger of this machine. The version is the commit; branch and build are found in git and CI.',
    verbs: [listCommand(), publishCommand(), verifyCommand(), canIDeployCommand(), recordDeploymentCommand()],
  });
}

function pactsVerb(options: Omit<Parameters<typeof verb>[0], 'settings'>): Command {
  return verb(options)
    .optionsGroup('Where the pacts are:')
    .addOption(new Option('--broker-url <url>', 'the broker; PACT_BROKER_BASE_URL as well'))
    .addOption(
      new Option('--broker-token <token>', 'rather PACT_BROKER_TOKEN: others can read a command line'),
    )
    .addOption(new Option('--broker-username <name>', 'PACT_BROKER_USERNAME as well'))
    .addOption(new Option('--broker-password <secret>', 'rather PACT_BROKER_PASSWORD'))
    .option('--files <folder>', 'pact files elsewhere than in pacts/files')
    .optionsGroup('What is wanted:');
}

function listCommand(): Command {
  return pactsVerb({
    name: 'list',
    description: 'Lists who owes whom what, and when it was last verified, with what does not hold.',
    examples: [
      ['mall pacts list', 'the pact files and what is known of them here'],
      ['mall pacts list --interactions', 'each interaction as well'],
    ],
  })
    .option('-i, --interactions', 'with each interaction')
    .action((flags: Flags) => atPacts(flags, list));
}

function branchOption(): Option {
  return new Option('--branch <name>', 'the branch of this version; else as git or the CI system has it');
}

async function list({ flags, output, access, folder, pacts }: PactsDesk): Promise<void> {
  const [{ standingAtBroker, standingOfFiles }, { Broker }, { Ledger }, { ledgerFile }] = await Promise.all([
    import('../pacts/list.ts'),
    import('../pacts/broker.ts'),
    import('../pacts/ledger.ts'),
    import('../pacts/places.ts'),
  ]);
  const standings = access
    ? await standingAtBroker(await Broker.open(access))
    : standingOfFiles(pacts(), new Ledger(ledgerFile()).read());
  if (output.json) return output.document('mall.pacts.list/1', { pacts: standings });
  const { standingTable } = await import('../pacts/list-view.ts');
  if (standings.length === 0) {
    return output.result(access ? 'The broker has no pacts.' : `There are no pacts in ${folder}.`);
  }
  output.result(
    standingTable(standings, { interactions: flags.interactions === true, width: output.resultWidth }),
  );
}

function publishCommand(): Command {
  return pactsVerb({
    name: 'publish',
    description: 'Publishes the pacts under the commit that is checked out, with its branch and build.',
    examples: [['mall pacts publish', 'after `mall test contracts` and a commit']],
  })
    .addOption(branchOption())
    .action((flags: Flags) => atPacts(flags, publish));
}

async function publish({ output, access, folder, pacts, version }: PactsDesk): Promise<void> {
  const [{ publishPacts }, { somePacts }] = await Promise.all([
    import('../pacts/publish.ts'),
    import('../pacts/pacticipants.ts'),
  ]);
  const [published, known] = [somePacts(pacts(), folder), version()];
  await publishPacts(published, known, access);
  const { commit, branch } = known;
  if (output.json)
    return output.document('mall.pacts.publish/1', { pacts: published.length, commit, branch });
  const where = access ? `at ${access.url}` : 'in the ledger of this machine';
  output.result(
    `${published.length} pacts published ${where} as ${commit.slice(0, 10)} (${branch ?? 'no branch'}).`,
  );
}

function verifyCommand(): Command {
  return pactsVerb({
    name: 'verify',
    description:
      'Verifies the contexts against the pacts, on real servers. With a broker the results are published in CI, or ' +
      'with --publish. Exit code 1: a contract is not kept.',
    examples: [
      ['mall pacts verify --provider stores', 'after a change of stores'],
      ['mall pacts verify --pact-url "$PACT_URL" --publish', "as a broker's webhook asks"],
    ],
  })
    .option('--provider <contexts...>', 'these contexts only')
    .option('--pact-url <url>', 'the one pact that a webhook names')
    .option('--publish', 'tell the broker the results')
    .addOption(branchOption())
    .action((flags: Flags) => atPacts(flags, verify));
}

async function verify({ flags, output, access, pacts, version }: PactsDesk): Promise<void> {
  const [
    { verifyPacts },
    { reportVerification },
    { readProviders, readPactUrl },
    { Ledger },
    { ledgerFile },
  ] = await Promise.all([
    import('../pacts/verify.ts'),
    import('../pacts/verification-report.ts'),
    import('../pacts/verify-flags.ts'),
    import('../pacts/ledger.ts'),
    import('../pacts/places.ts'),
  ]);
  const pact = readPactUrl(flags.pactUrl, access);
  if (access === undefined) new Ledger(ledgerFile()).prepare();
  const interruption = onInterruption();
  const outcomes = await verifyPacts({
    pacts: access ? [] : pacts(),
    version: version(),
    access,
    publish: flags.publish === true || inCi(),
    contexts: readProviders(flags.provider),
    pact,
    signal: interruption.asked,
    onContext: ({ context }) => output.say(`${context} is verified`),
  });
  const failed = reportVerification(outcomes, output);
  if (interruption.asked.aborted) process.exitCode = exitCodes.interrupted;
  else if (failed > 0) process.exitCode = exitCodes.checkFailed;
}

function canIDeployCommand(): Command {
  return pactsVerb({
    name: 'can-i-deploy',
    description:
      'Tells whether this version can go to an environment: whether it is verified with all that runs there. ' +
      'Exit code 8: it cannot.',
    examples: [
      ['mall pacts can-i-deploy --to production', 'the whole mall'],
      ['mall pacts can-i-deploy --to test --pacticipant stores-pub stores-api', 'one context'],
    ],
  })
    .requiredOption('--to <environment>', 'where it is to go')
    .option('--pacticipant <names...>', 'what is to go there; all of the pacts when absent')
    .option('--version <commit>', 'another commit than the one checked out')
    .action((flags: Flags) => atPacts(flags, canIDeploy));
}

async function canIDeploy(desk: PactsDesk): Promise<void> {
  const { output, access, pacts } = desk;
  const [{ askBroker, askLedger }, { Ledger }, { ledgerFile }] = await Promise.all([
    import('../pacts/can-i-deploy.ts'),
    import('../pacts/ledger.ts'),
    import('../pacts/places.ts'),
  ]);
  const deployment = await deploymentOf(desk);
  const answer = access
    ? await askBroker(access, deployment)
    : askLedger(pacts(), new Ledger(ledgerFile()).read(), deployment);
  if (!answer.deployable) process.exitCode = exitCodes.notDeployable;
  if (output.json) return output.document('mall.pacts.can-i-deploy/1', { ...deployment, ...answer });
  const verdict = `${deployment.version.slice(0, 10)} ${answer.deployable ? 'can' : 'cannot'} go to ${deployment.environment}.`;
  output.result(
    [verdict, ...(answer.deployable ? [] : answer.reasons.map((each) => `  ${each}`))].join('\n'),
  );
}

function recordDeploymentCommand(): Command {
  return pactsVerb({
    name: 'record-deployment',
    description:
      'Records that this version now runs in an environment, so that others are checked against it.',
    examples: [['mall pacts record-deployment --to production', 'right after the deployment']],
  })
    .requiredOption('--to <environment>', 'where it runs')
    .option('--pacticipant <names...>', 'what runs there; all of the pacts when absent')
    .option('--version <commit>', 'another commit than the one checked out')
    .action((flags: Flags) => atPacts(flags, record));
}

async function record(desk: PactsDesk): Promise<void> {
  const { recordDeployment } = await import('../pacts/record-deployment.ts');
  const deployment = await deploymentOf(desk);
  await recordDeployment(deployment, desk.access);
  if (desk.output.json) return desk.output.document('mall.pacts.record-deployment/1', { ...deployment });
  const { pacticipants, version, environment } = deployment;
  desk.output.result(`${pacticipants.length} pacticipants run as ${version.slice(0, 10)} in ${environment}.`);
}

async function deploymentOf({ flags, folder, pacts, version }: PactsDesk) {
  const { pacticipantsIn, somePacts } = await import('../pacts/pacticipants.ts');
  return {
    pacticipants: pacticipantsIn(somePacts(pacts(), folder), flags.pacticipant),
    version: typeof flags.version === 'string' ? flags.version : version().commit,
    environment: String(flags.to),
  };
}

interface PactsDesk {
  readonly flags: Flags;
  readonly output: Output;
  readonly access: BrokerAccess | undefined;
  /** Where the pact files are. */
  readonly folder: string;
  readonly pacts: () => readonly PactFile[];
  readonly version: () => ProjectVersion;
}

async function atPacts(flags: Flags, work: (desk: PactsDesk) => Promise<void>): Promise<void> {
  const [{ brokerAccess }, { readPactFiles }, { projectVersion }, { pactFilesFolder, projectRoot }] =
    await Promise.all([
      import('../pacts/broker.ts'),
      import('../pacts/pact-files.ts'),
      import('../pacts/project-version.ts'),
      import('../pacts/places.ts'),
    ]);
  const folder = typeof flags.files === 'string' ? flags.files : pactFilesFolder;
  if (typeof flags.files === 'string' && !existsSync(folder)) throw noFolder(folder);
  await work({
    flags,
    output: outputOf(flags),
    access: brokerAccess(flags),
    folder,
    pacts: () => readPactFiles(folder),
    version: () => ({
      ...projectVersion(projectRoot),
      ...(typeof flags.branch === 'string' && flags.branch !== '' && { branch: flags.branch }),
    }),
  });
}

function noFolder(folder: string): CliError {
  return new CliError(`There is no folder ${folder} with pact files.`, {
    exitCode: exitCodes.usage,
    next: '--files names the folder; without it they are those in pacts/files',
  });
}
