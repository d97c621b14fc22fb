import { reason } from '../../containers/embedded/index.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { loadSettings, type Settings } from '../settings/index.ts';
import { type Check, type Checked, type Finding, fail, pass } from './finding.ts';
import { machineChecks } from './machine.ts';
import { mallChecks } from './malls.ts';
import { serverChecks } from './servers.ts';

/** Makes every check, one after the other, since some measure; one that breaks is a finding like any other. */
export async function examine(home: string, flags: Readonly<Record<string, unknown>>): Promise<Checked[]> {
  const { finding, settings } = await settingsFinding(flags);
  const checks: Check[] = [
    ...machineChecks(home),
    { name: 'settings', run: () => finding },
    ...(settings === undefined ? [] : [...serverChecks(home, settings), ...mallChecks(home, settings)]),
  ];
  const checked: Checked[] = [];
  for (const { name, run } of checks) checked.push({ check: name, ...(await found(run)) });
  return checked;
}

async function found(run: Check['run']): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    return fail(`it could not be checked: ${reason(error)}`, 'tell the project, with `MALL_DEBUG=1`');
  }
}

/** Settings that are not valid are told, and what depends on them is left out. @throws CliError (2) for a flag */
async function settingsFinding(
  flags: Readonly<Record<string, unknown>>,
): Promise<{ finding: Finding; settings?: Settings }> {
  try {
    const { settings, origins } = await loadSettings(flags);
    const own = [...origins.keys()].filter((name) => name !== 'name');
    const text = own.length === 0 ? 'defaults' : `set: ${own.join(', ')}; \`mall config\` shows from where`;
    return { finding: pass(text), settings };
  } catch (error) {
    // A mistake in this very command line is nothing of the machine's.
    if (error instanceof CliError && error.exitCode === exitCodes.usage) throw error;
    const next = error instanceof CliError ? error.next : undefined;
    return { finding: fail(reason(error).replace(/\.$/, ''), next ?? '`mall config` shows each setting') };
  }
}
