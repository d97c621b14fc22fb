import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { findMall, type MallPhase } from '../malls/directory.ts';
import { defaultName } from '../malls/names.ts';
import { currentHome, loadSettings } from '../settings/index.ts';

/** Where the original's mall answers, and ours in a container; for when no mall of this home runs. */
export const FALLBACK_HOST = 'localhost:8080';

/**
 * Finds the mall to talk to: the running one of that name, or of the name that `MALL_NAME` or
 * `mall.config.ts` says.
 * @throws CliError where it is not ready
 */
export async function runningMall(flags: { readonly name?: string | undefined }): Promise<string> {
  const { settings } = await loadSettings({ name: flags.name });
  const { name, phase, state } = findMall(currentHome(), settings.name);
  return hostOf({ name, phase, rest: state?.addresses?.rest });
}

export interface FoundMall {
  readonly name: string;
  readonly phase: MallPhase;
  /** The address of its REST interface, where its state tells one. */
  readonly rest?: string | undefined;
}

/** The `host:port` of a mall's HTTP door. */
export function hostOf({ name, phase, rest }: FoundMall): string {
  if (phase === 'ready' && rest !== undefined) {
    const { hostname, port } = new URL(rest);
    return `${hostname}:${port === '' ? '80' : port}`;
  }
  const away = phase === 'stopped' || phase === 'killed';
  if (away && name === defaultName) return FALLBACK_HOST;
  const named = name === defaultName ? '' : ` --name ${name}`;
  const next = phase === 'starting' ? `\`mall wait${named}\`` : `\`mall up${named}\``;
  const problem = away ? 'is not running' : `is ${phase}`;
  throw new CliError(`The mall "${name}" ${problem}.`, { exitCode: exitCodes.environment, next });
}
