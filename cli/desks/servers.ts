import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { type DatabaseLayout, databasesOf } from '../malls/context-databases.ts';
import { findMall } from '../malls/directory.ts';
import { defaultName } from '../malls/names.ts';
import type { MallState } from '../malls/state.ts';
import { currentHome, loadSettings, type Settings } from '../settings/index.ts';

/** Where a mall keeps what the desks look into. */
export interface MallServers extends DatabaseLayout {
  readonly name: string;
  readonly natsUrl: string;
  /** Name of the JetStream stream and first part of every subject. */
  readonly stream: string;
}

/**
 * The servers of the mall that the flags name: of one that runs here by its state file, of one that runs elsewhere
 * (`infra` is `external`) by the settings alone. The state file has no passwords, so external addresses always come
 * from the settings.
 * @throws CliError (4) when no such mall runs, (3) when an address is not set
 */
export async function serversOf(flags: Readonly<Record<string, unknown>>): Promise<MallServers> {
  const { settings } = await loadSettings(flags);
  const { name } = settings;
  const { pid, state } = findMall(currentHome(), name);
  const here = pid === undefined ? undefined : state;
  if (here?.infra === 'external' || (here === undefined && settings.infra === 'external')) {
    return externalServers(settings, here);
  }
  if (here?.addresses === undefined) {
    throw new CliError(`The mall "${name}" does not run here.`, {
      exitCode: exitCodes.environment,
      next: `\`mall up --detach${name === defaultName ? '' : ` --name ${name}`}\` starts it, \`mall ps\` shows what runs`,
    });
  }
  const { postgres, nats } = here.addresses;
  const { databases, natsStream: stream } = here;
  return { name, postgresUrl: postgres, databases, natsUrl: nats, stream };
}

function externalServers(settings: Settings, here: MallState | undefined): MallServers {
  const { name, postgresUrl, natsUrl } = settings;
  if (postgresUrl === undefined || natsUrl === undefined) {
    const missing = postgresUrl === undefined ? 'MALL_POSTGRES_URL' : 'MALL_NATS_URL';
    throw new CliError(`The mall "${name}" is on external servers, and ${missing} is not set.`, {
      exitCode: exitCodes.configuration,
      next: 'set it as it was for `mall up`; `mall config` shows what is set',
    });
  }
  const byName = name === defaultName ? 'intellimall' : `intellimall-${name}`;
  const databases = here?.databases ?? databasesOf(settings);
  const stream = here?.natsStream ?? settings.natsStream ?? byName;
  return { name, postgresUrl, databases, natsUrl, stream };
}
