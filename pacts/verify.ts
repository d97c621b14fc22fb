import { readFileSync, writeFileSync } from 'node:fs';
import { type VerifiedInteraction, verificationOrder } from '../cli/pacts/verified-interaction.ts';
import { pacticipant } from './contracts.ts';
import { startContexts } from './harness/context.ts';
import { sourceFor } from './harness/source.ts';
import { verifyPacts } from './harness/verify.ts';
import { providers } from './providers/index.ts';

/*
 * Verifies one context against what it owes, in a process of its own: the verifier prints to standard output whatever
 * it is told. `node pacts/verify.ts ORDER RESULTS`, both JSON files; secrets of a broker come from the environment.
 */

const [orderFile = '', resultsFile = ''] = process.argv.slice(2);
const order = verificationOrder.parse(JSON.parse(readFileSync(orderFile, 'utf8')));
const { context } = order;
const provider = providers.find((each) => each.context === context);
if (!provider) throw new TypeError(`${context} is no provider`);

// The verifier would ask this broker for more than it is told to.
delete process.env.PACT_BROKER_BASE_URL;
const mall = await startContexts(...provider.contexts);
const results: VerifiedInteraction[] = [];
try {
  for (const name of [pacticipant.publisher(provider.context), pacticipant.api(provider.context)]) {
    const source = sourceFor(name, order, process.env);
    if (source) results.push(...(await verifyPacts(name, { provider, mall, source })));
  }
} finally {
  await mall.stop();
}
writeFileSync(resultsFile, JSON.stringify(results));
