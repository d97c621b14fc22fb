import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contextOf } from '../../cli/pacts/orders.ts';
import { readPactFiles } from '../../cli/pacts/pact-files.ts';
import { pactFilesFolder, projectRoot } from '../../cli/pacts/places.ts';
import { runVerification } from '../../cli/pacts/run-verification.ts';
import { startTestServers } from '../../containers/embedded/test-servers.ts';
import { copyOfTree } from '../../features/breaks/copy-of-tree.ts';
import { type ContractBreak, contractBreaks } from './table.ts';

/*
 * Makes each fault of the table in a copy of the tree, verifies the context that has to be told of it, and says which
 * contract did. `node pacts/breaks/run.ts [words]` takes only the faults whose name or contract holds one of the words.
 */
interface Verdict extends ContractBreak {
  readonly caught: boolean;
  /** Everything that turned red, with the reasons. */
  readonly red: readonly string[];
  readonly seconds: number;
}

const words = process.argv.slice(2);
const wanted = contractBreaks.filter(
  ({ name, caughtBy }) => words.length === 0 || words.some((word) => `${name} ${caughtBy}`.includes(word)),
);
const pacts = readPactFiles(pactFilesFolder);
const servers = await startTestServers();
const tree = copyOfTree(projectRoot);
try {
  const verdicts: Verdict[] = [];
  for (const each of wanted) {
    const verdict = await judge(each);
    verdicts.push(verdict);
    const told =
      verdict.red.find((text) => text.startsWith(each.caughtBy)) ?? verdict.red[0] ?? 'all was kept';
    say(`${verdict.caught ? 'caught' : 'MISSED'}  ${each.name} (${each.file})\n        ${told}`);
  }
  const missed = verdicts.filter(({ caught }) => !caught).length;
  mkdirSync(join(projectRoot, 'reports'), { recursive: true });
  writeFileSync(join(projectRoot, 'reports/contract-breaks.json'), `${JSON.stringify(verdicts, null, 2)}\n`);
  say(`${verdicts.length} faults, ${verdicts.length - missed} caught, ${missed} missed`);
  process.exitCode = missed > 0 || verdicts.length === 0 ? 1 : 0;
} finally {
  rmSync(tree, { recursive: true, force: true, maxRetries: 5 });
  await servers.stop();
}

async function judge(fault: ContractBreak): Promise<Verdict> {
  const path = join(tree, fault.file);
  const sound = readFileSync(path, 'utf8');
  const began = performance.now();
  writeFileSync(
    path,
    sound.replace(fault.search, () => fault.replace),
  );
  try {
    const red = await redContracts(fault);
    const caught = red.some((text) => text.startsWith(fault.caughtBy));
    return { ...fault, caught, red, seconds: Math.round((performance.now() - began) / 1000) };
  } finally {
    writeFileSync(path, sound);
  }
}

/** What is not kept of what the provider owes the consumer. */
async function redContracts({ caughtBy }: ContractBreak): Promise<string[]> {
  const [, consumer, provider = ''] = /^([a-z-]+) of ([a-z-]+):/.exec(caughtBy) ?? [];
  const files = pacts
    .filter((pact) => pact.consumer === consumer && pact.provider === provider)
    .map(({ path }) => ({ provider, path }));
  const [outcome] = await runVerification([{ context: contextOf(provider) ?? '', files }], {
    parallel: 1,
    program: join(tree, 'pacts/verify.ts'),
    environment: { MALL_TEST_POSTGRES_URL: servers.postgresUrl, MALL_TEST_NATS_URL: servers.natsUrl },
    signal: new AbortController().signal,
  });
  if (outcome === undefined || 'broken' in outcome) return [outcome?.broken ?? 'it was not verified'];
  return outcome.interactions
    .filter(({ ok }) => !ok)
    .map(({ description, reasons }) => `${consumer} of ${provider}: ${description}: ${reasons.join('; ')}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
