import { spawn } from 'node:child_process';
import { Argument, type Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { findMall, phaseSaid } from '../malls/directory.ts';
import type { MallState } from '../malls/state.ts';
import { currentHome, loadSettings } from '../settings/index.ts';
import type { Output } from '../terminal/output.ts';
import { columns } from '../terminal/table.ts';
import { outputOf, verb } from './verb.ts';

/** Pages of a mall, by the word they are asked for with. */
const pages: Readonly<Record<string, readonly [path: string, is: string]>> = {
  mall: ['/', 'what runs, its health, orders on their way'],
  api: ['/swagger-ui/', 'the REST interface, to read and to try'],
  messages: ['/asyncapi/', 'the messages of every context'],
  traces: ['/traces/', 'recent traces'],
  metrics: ['/metrics', 'figures for Prometheus'],
  health: ['/readiness', 'whether it can do its work now'],
};

interface Page {
  readonly page: string;
  readonly url: string;
  readonly is: string;
}

/** `mall open`: opens a page of a running mall in the browser, or names them all. */
export function openCommand(): Command {
  return verb({
    name: 'open',
    description:
      'Opens a page of the running mall in the browser. Without a page, without a screen, and for programs, it ' +
      'names the addresses instead.',
    settings: ['name'],
    examples: [
      ['mall open', 'all pages with their addresses'],
      ['mall open mall', "the mall's first page, in the browser"],
      ['mall open api --print', 'the address of one page'],
    ],
  })
    .addArgument(
      new Argument('[page]', 'which page').choices([
        ...Object.keys(pages),
        'jaeger',
        'grafana',
        'prometheus',
      ]),
    )
    .option('--print', 'only name the address')
    .action(open);
}

async function open(wanted: string | undefined, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const output = outputOf(flags);
  const { settings } = await loadSettings(flags);
  const known = pagesOf(settings.name);
  if (wanted === undefined) return tell(known, output);
  const page = known.find((each) => each.page === wanted);
  if (page === undefined) {
    throw new CliError(`The mall "${settings.name}" has no ${wanted}.`, {
      exitCode: exitCodes.environment,
      next: '`mall up --infra docker` brings it; `mall open` names the pages there are',
    });
  }
  if (output.json) return output.document('mall.open/1', { pages: [page] });
  output.result(page.url);
  if (flags.print !== true && output.lively) show(page.url, output);
}

function pagesOf(name: string): Page[] {
  const { phase, state } = findMall(currentHome(), name);
  const rest = state?.addresses?.rest;
  if (phase !== 'ready' || rest === undefined) {
    const named = name === 'mall' ? '' : ` --name ${name}`;
    throw new CliError(`The mall "${name}" ${phaseSaid(phase)}.`, {
      exitCode: exitCodes.environment,
      next: phase === 'starting' ? `\`mall wait${named}\`` : `\`mall up${named}\``,
    });
  }
  const own = Object.entries(pages).map(([page, [path, is]]) => ({ page, url: `${rest}${path}`, is }));
  return [...own, ...containerPages(state)];
}

/** What came with the mall in containers and has a page. */
function containerPages(state: MallState | undefined): Page[] {
  return (state?.containers ?? [])
    .filter(({ url }) => url.startsWith('http'))
    .map(({ service, url }) => ({ page: service.toLowerCase(), url, is: `${service}, in a container` }));
}

function tell(known: readonly Page[], output: Output): void {
  if (output.json) output.document('mall.open/1', { pages: known });
  else
    output.result(
      columns(
        known.map(({ page, url, is }) => [page, url, is]),
        [],
        { width: output.resultWidth, wrap: 2 },
      ),
    );
}

/** Hands the address to the desktop. Where there is none, the address that was printed is what there is. */
function show(url: string, output: Output): void {
  const [command, ...before] = opener();
  const child = spawn(command, [...before, url], { stdio: 'ignore', detached: true });
  child.once('error', () =>
    output.warn(`${command} is not there to open a browser with: open the address yourself`),
  );
  child.unref();
}

function opener(): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open'];
  return process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
}
