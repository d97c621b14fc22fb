import { contextNames } from '../../proto/contexts.ts';
import type { Problem } from './health.ts';

/** A mall that runs, as far as it matters to what can be done about it. */
interface UnreadyMall {
  readonly name: string;
  /** Where its servers come from; null: not told. */
  readonly infra: string | null;
  /** What it says of itself. */
  readonly health: string;
  readonly problems: readonly Problem[];
}

type Mall = Pick<UnreadyMall, 'name' | 'infra'>;

/** Which of a mall's checks failed, and what to do about them, for people; no lines when there is nothing to tell. */
export function unreadyLines({ health, problems, ...mall }: UnreadyMall): readonly string[] {
  if (health === 'ready') return [];
  const title = `The mall "${mall.name}" is not ready`;
  if (problems.length === 0)
    return [`${title}: ${health.replace(/^not ready: /, '')}`, ...nextLines([''], mall)];
  const width = Math.max(...problems.map(({ check }) => check.length));
  return [
    `${title}:`,
    ...problems.map(({ check, problem }) => `  ${check.padEnd(width)}  ${problem}`),
    ...nextLines(reasonsOf(problems), mall),
  ];
}

/** Without a server the rest cannot do its work either: its checks say nothing of their own. */
function reasonsOf(problems: readonly Problem[]): readonly string[] {
  const all = problems.map(({ check }) => check);
  const servers = all.filter((check) => serverOf(check) !== undefined);
  return servers.length === 0 ? all : servers;
}

function serverOf(check: string): keyof typeof servers | undefined {
  if (check === 'broker') return 'nats';
  return check.endsWith(' database') ? 'postgres' : undefined;
}

const servers = { nats: 'MALL_NATS_URL', postgres: 'MALL_POSTGRES_URL' } as const;

function nextLines(checks: readonly string[], mall: Mall): readonly string[] {
  const advice = new Set(checks.map((check) => adviceOn(check, mall)));
  return [...advice].map((text, index) => `${index === 0 ? '  next:  ' : '         '}${text}`);
}

function adviceOn(check: string, { name, infra }: Mall): string {
  const flag = name === 'mall' ? '' : ` --name ${name}`;
  const server = serverOf(check);
  if (server !== undefined && infra === 'external')
    return `see whether the server that ${servers[server]} names runs and takes connections`;
  if (server !== undefined)
    return `\`mall logs ${server}${flag}\` says why; an embedded server that ended is started again by itself`;
  const context = contextNames.find((each) => check.split(' ')[0] === each);
  const logs = context === undefined ? 'mall logs' : `mall logs ${context}`;
  return `\`${logs}${flag}\` says why; where it stays so, \`mall down${flag}\` and \`mall up${flag}\``;
}
