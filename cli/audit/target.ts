import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { databasesOf } from '../malls/context-databases.ts';
import { findMall, type MallEntry } from '../malls/directory.ts';
import { defaultName } from '../malls/names.ts';
import { currentHome, loadSettings, type Settings } from '../settings/index.ts';
import { type AuditTarget, dataAtRest, type OpenTarget, wakeData } from './at-rest.ts';

export type { AuditTarget } from './at-rest.ts';

/**
 * The servers of the mall the flags and settings name: those of its state file while it runs. A mall on
 * external servers is found by MALL_POSTGRES_URL and MALL_NATS_URL, running or not: the state file has no passwords.
 * @throws CliError (4) when a mall with servers of its own does not run, (3) when an external one's servers are not named
 */
export async function auditTarget(flags: Readonly<Record<string, unknown>>): Promise<AuditTarget> {
  const { settings } = await loadSettings(flags);
  const mall = findMall(currentHome(), settings.name);
  const external = (mall.pid === undefined ? settings.infra : mall.state?.infra) === 'external';
  return external ? externalTarget(settings, mall) : embeddedTarget(mall);
}

/**
 * The same; a mall that does not run has its own servers started for the audit alone. The caller releases it.
 * @throws CliError as above, or what keeps the servers from starting
 */
export async function openTarget(
  flags: Readonly<Record<string, unknown>>,
  waking: { readonly signal: AbortSignal; readonly step: (text: string) => void },
): Promise<OpenTarget> {
  const { settings } = await loadSettings(flags);
  const mall = findMall(currentHome(), settings.name);
  const kind = mall.pid === undefined ? await dataAtRest(mall, settings) : undefined;
  const woken = kind && (await wakeData({ mall, settings, kind, ...waking }));
  if (woken !== undefined) return woken;
  return { ...(await auditTarget(flags)), release: () => Promise.resolve() };
}

function embeddedTarget({ name, phase, pid, state }: MallEntry): AuditTarget {
  const named = name === defaultName ? '' : ` --name ${name}`;
  if (pid === undefined || phase !== 'ready' || state?.addresses === undefined) {
    const away = pid === undefined;
    throw new CliError(
      `The mall "${name}" ${away ? 'is not running' : `is ${phase}`}; nothing can be read.`,
      {
        exitCode: exitCodes.environment,
        next: away ? `\`mall up${named} --detach\` starts it` : `\`mall wait${named}\``,
      },
    );
  }
  const { postgres, nats } = state.addresses;
  const { natsStream, databases } = state;
  return { name, postgresUrl: postgres, databases, natsUrl: nats, natsStream };
}

function externalTarget(settings: Settings, { name, state }: MallEntry): AuditTarget {
  const { postgresUrl, natsUrl } = settings;
  if (postgresUrl === undefined || natsUrl === undefined) {
    throw new CliError(`The mall "${name}" is on external servers, and they are not named.`, {
      exitCode: exitCodes.configuration,
      next: 'set MALL_POSTGRES_URL and MALL_NATS_URL as for `mall up --infra external`',
    });
  }
  const usual = name === defaultName ? 'intellimall' : `intellimall-${name}`;
  const databases = state?.databases ?? databasesOf(settings);
  const natsStream = settings.natsStream ?? state?.natsStream ?? usual;
  return { name, postgresUrl, databases, natsUrl, natsStream };
}
