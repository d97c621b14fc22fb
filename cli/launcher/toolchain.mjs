import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolder, toolsFolder, userToolsFolder } from './home.mjs';
import { natsPackage, nodePackage, npmComplaint } from './needs.mjs';

/** @typedef {'node' | 'nats'} Kind */

const recipes = fileURLToPath(new URL('toolchain/', import.meta.url));
const exe = process.platform === 'win32' ? '.exe' : '';

/** What an install failed of, in one sentence; `next` says what to do instead. */
export class ToolchainError extends Error {
  /** @param {string} message @param {string} next */
  constructor(message, next) {
    super(message);
    this.next = next;
  }
}

/**
 * Where the tool of a kind lies once installed: the folder named after its lockfile, below the mall home or,
 * where that was not writable, below the user's cache.
 *
 * @param {Kind} kind
 * @param {string} home
 * @returns {string | undefined}
 */
export function installedTool(kind, home) {
  return candidates(kind, home).find((folder) => existsSync(toolFile(kind, folder)));
}

/**
 * The program inside an installed tool folder.
 *
 * @param {Kind} kind
 * @param {string} folder
 */
export function toolFile(kind, folder) {
  return kind === 'node'
    ? join(folder, 'node_modules', nodePackage(process), 'bin', `node${exe}`)
    : join(folder, 'node_modules', natsPackage(process), 'bin', `nats-server${exe}`);
}

/**
 * The version a recipe pins for this machine; undefined where it has none.
 *
 * @param {Kind} kind
 * @returns {string | undefined}
 */
export function pinnedVersion(kind) {
  const recipe = JSON.parse(readFileSync(join(recipes, kind, 'package.json'), 'utf8'));
  return recipe.optionalDependencies[kind === 'node' ? nodePackage(process) : natsPackage(process)];
}

/**
 * Whether a nats-server on PATH is new enough (2.10). Asks each for its version: 15 ms, and only called where
 * the package is missing.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function natsOnPath(env) {
  return (env.PATH ?? '').split(delimiter).some((folder) => {
    const file = join(folder, `nats-server${exe}`);
    if (folder === '' || !existsSync(file)) return false;
    const version = /v(\d+)\.(\d+)\./.exec(spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout ?? '');
    return version !== null && (Number(version[1]) > 2 || Number(version[2]) >= 10);
  });
}

/**
 * Installs a tool from its lockfile with npm, scripts off, once. The install happens beside its final place and
 * is renamed last, so that one that was killed, or lost a race, leaves nothing that looks finished.
 *
 * @param {Kind} kind
 * @param {{ home: string, node: string }} options `node` runs npm: it leaves out packages made for a newer one
 * @returns {Promise<string>} the tool's folder
 */
export async function installTool(kind, { home, node }) {
  const folder = writableCandidate(kind, home);
  const unfinished = `${folder}.${process.pid}-${randomUUID().slice(0, 8)}`;
  removeAbandoned(folder);
  mkdirSync(unfinished);
  try {
    for (const file of ['package.json', 'package-lock.json']) {
      copyFileSync(join(recipes, kind, file), join(unfinished, file));
    }
    await npmCi({ folder: unfinished, node, brings: toolFile(kind, unfinished) });
    const answer = spawnSync(toolFile(kind, unfinished), ['--version'], { encoding: 'utf8' });
    if (answer.status !== 0) {
      const cause = answer.error?.message ?? answer.stderr.trim();
      throw new ToolchainError(`What npm brought does not run on this machine (${cause}).`, instead(kind));
    }
    renameUnlessThere(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** @param {Kind} kind */
export function instead(kind) {
  return kind === 'node'
    ? 'install Node 22.22 or newer, or try again where npm reaches its registry'
    : 'put nats-server 2.10 or newer on PATH, set MALL_NATS_BIN to one, or use --infra external';
}

/** @param {Kind} kind @param {string} home */
function candidates(kind, home) {
  const lock = readFileSync(join(recipes, kind, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const name = `${kind}-${process.platform}-${process.arch}-${hash}`;
  return [join(toolsFolder(home), name), join(userToolsFolder(process.env), name)];
}

/** @param {Kind} kind @param {string} home @returns {string} */
function writableCandidate(kind, home) {
  /** @type {unknown} */
  let complaint;
  for (const folder of candidates(kind, home)) {
    try {
      makeFolder(dirname(folder));
      const probe = `${folder}.${process.pid}-${randomUUID().slice(0, 8)}`;
      mkdirSync(probe);
      rmSync(probe, { recursive: true });
      return folder;
    } catch (error) {
      complaint ??= error;
    }
  }
  const cause = complaint instanceof Error ? complaint.message : String(complaint);
  throw new ToolchainError(
    `No folder to install tools in can be written (${cause}).`,
    'set MALL_HOME to one that can',
  );
}

/** Removes what installs that were killed have left beside the final folder. @param {string} folder */
function removeAbandoned(folder) {
  const parent = dirname(folder);
  for (const entry of readdirSync(parent)) {
    const pid = Number(/\.(\d+)-\w+$/.exec(entry)?.[1]);
    if (!Number.isInteger(pid) || !join(parent, entry).startsWith(`${folder}.`) || runs(pid)) continue;
    rmSync(join(parent, entry), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function runs(pid) {
  try {
    process.kill(pid, 0);
    // A killed process whose parent is gone stays a zombie in containers where process 1 reaps nothing.
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @param {string} from @param {string} to */
function renameUnlessThere(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** @param {{ folder: string, node: string, brings: string }} options @returns {Promise<void>} */
function npmCi({ folder, node, brings }) {
  const flags = [
    'ci',
    '--ignore-scripts',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
  ];
  const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000', '--loglevel=http'];
  const [command, ...before] = npmCommand(node);
  const child = spawn(command, [...before, ...flags, ...patience], {
    cwd: folder,
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    const failed = (/** @type {string} */ why) =>
      reject(new ToolchainError(`${why}.`, 'check that npm works here'));
    child.once('error', (error) => failed(`npm could not be run (${error.message})`));
    child.once('close', (code) => {
      if (code === 0 && existsSync(brings)) resolve();
      else failed(npmComplaint(stderr));
    });
  });
}

/**
 * npm's own script, run by the Node that was asked for: its first line may name another one.
 *
 * @param {string} node
 * @returns {[string, ...string[]]}
 */
function npmCommand(node) {
  const parent = process.env.npm_execpath ?? '';
  if (parent.endsWith('npm-cli.js')) return [node, parent];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, process.platform === 'win32' ? 'npm.cmd' : 'npm');
    if (folder === '' || !existsSync(file)) continue;
    const script =
      process.platform === 'win32' ? join(folder, 'node_modules/npm/bin/npm-cli.js') : realpathSync(file);
    return script.endsWith('.js') && existsSync(script) ? [node, script] : [file];
  }
  throw new ToolchainError(
    'npm is not on PATH, and the mall fetches what it lacks with it.',
    instead('node'),
  );
}
