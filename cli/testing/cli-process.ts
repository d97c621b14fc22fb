import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { entrustProcess, makeEnterable } from '../../containers/embedded/index.ts';
import { entrustHome } from '../malls/abandoned-home.ts';
import { mallFolders } from '../malls/folders.ts';

const launcher = fileURLToPath(new URL('../launcher/mall.mjs', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The command line as tests use it: with a mall home of its own, away from the settings of whoever runs them, and
 * on embedded servers, also where an engine answers.
 */
export interface CliUnderTest {
  readonly home: string;
  /** Runs a command to its end. */
  run(...args: readonly string[]): Promise<CliResult>;
  /** Starts a command that stays. */
  start(...args: readonly string[]): RunningCommand;
}

export interface RunningCommand {
  readonly process: ChildProcess;
  /** Resolves once standard output or error holds a text; rejects when the command ends before. */
  says(text: string): Promise<void>;
  readonly ended: Promise<CliResult>;
}

/**
 * A command line with a home that is removed, and whose malls are stopped, after the tests of the calling file, or
 * when that is killed.
 * @param program the launcher of another tree than this
 */
export function cliUnderTest(environment: NodeJS.ProcessEnv = {}, program = launcher): CliUnderTest {
  const parent = mkdtempSync(join(tmpdir(), 'mall-test-'));
  const home = join(parent, 'home');
  makeEnterable(home);
  const folders = [mallFolders(home, 'mall').postgresPlace, parent];
  const entrusted = entrustHome({ home, folders });
  const start = (...args: readonly string[]) =>
    startCommand([program, ...args], {
      ...{ ...cleanEnvironment(), MALL_HOME: home, MALL_INFRA: 'embedded' },
      ...environment,
    });
  const run = (...args: readonly string[]) => start(...args).ended;
  after(async () => {
    await run('down', '--all', '--purge');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    entrusted.release();
  });
  return { home, run, start };
}

function startCommand(args: readonly string[], environment: NodeJS.ProcessEnv): RunningCommand {
  const child = spawn(process.execPath, args, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const entrusted = entrustProcess(child.pid, { group: false });
  child.once('exit', () => entrusted.release());
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
      child.emit('written');
    });
  }
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...written }));
  });
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (written.stdout.includes(text) || written.stderr.includes(text)) resolve();
      };
      child.on('written', look);
      void ended.then(() => reject(new Error(`it ended without saying "${text}": ${written.stderr}`)));
      look();
    });
  return { process: child, says, ended };
}

/** Settings of the reader's shell, and of the test runner this process is part of, are not the tests' business. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(MALL_(?!NATS_BIN|TOOLCHAIN)|NODE_TEST_CONTEXT|npm_|CI$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
