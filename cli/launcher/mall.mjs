#!/usr/bin/env node
/**
 * The `mall` command. Plain JavaScript that any Node from 18 on can read: on a Node that runs TypeScript it
 * imports the command line proper; on an older one it fetches the pinned Node from npm, once, and runs itself
 * with that. It also fetches the NATS server where npm has left it out.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mallHome, toolsFolder, userToolsFolder } from './home.mjs';
import { mayStartServers, nodeIsNewEnough } from './needs.mjs';

const exitUnfitEnvironment = 4;
const parentPollMs = 250;
const args = process.argv.slice(2);

endWithNpm();
await launch();

async function launch() {
  const home = homeOrExit();
  const oldNode = !nodeIsNewEnough(process.versions.node);
  const tools = oldNode || mayStartServers({ args, env: process.env }) ? await provide(home, oldNode) : {};
  if (tools.nats !== undefined) process.env.MALL_TOOLCHAIN = tools.nats;
  if (tools.node !== undefined) return runWith(tools.node);
  const cache = existsSync(home) ? toolsFolder(home) : userToolsFolder(process.env);
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE ?? join(cache, 'compiled'));
  try {
    await import('../main.ts');
  } catch (error) {
    if (!/^Cannot find package/.test(say(error))) throw error;
    fail(`The packages the mall is made with are not installed: ${say(error).split('\n')[0]}.`, 'npm ci');
  }
}

/**
 * `npx mall up & ... kill $!` reaches npm, which passes the signal on to the shell between itself and this process;
 * the shell dies of it and tells nobody. So a start through npm ends, in order, once its parent is gone. One that
 * was detached (MALL_DETACHED) is meant to outlive its parent.
 */
function endWithNpm() {
  if (!process.env.npm_execpath || process.env.MALL_DETACHED) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, parentPollMs);
  timer.unref();
}

function homeOrExit() {
  try {
    return mallHome({ cwd: process.cwd(), env: process.env });
  } catch {
    return fail('The current folder does not exist any more.', 'cd to one that does, and try again');
  }
}

/**
 * Sees to it that the tools a start needs are there. A missing NATS server is only told, not fatal: a setting
 * the launcher does not read may make it needless, and the command line explains it better.
 *
 * @param {string} home
 * @param {boolean} oldNode
 * @returns {Promise<{ node?: string, nats?: string }>}
 */
async function provide(home, oldNode) {
  const { installedTool, installTool, natsCameWithTheMall, natsOnPath, pinnedVersion, toolFile, instead } =
    await import('./toolchain.mjs');
  const wantsNats =
    mayStartServers({ args, env: process.env }) &&
    !process.env.MALL_NATS_BIN &&
    !natsCameWithTheMall() &&
    pinnedVersion('nats') !== undefined;
  let nodeFolder = oldNode ? installedTool('node', home) : undefined;
  let natsFolder = wantsNats ? installedTool('nats', home) : undefined;
  const missing = {
    node: oldNode && nodeFolder === undefined,
    nats: wantsNats && natsFolder === undefined && !natsOnPath(process.env),
  };
  announce({
    node: missing.node ? pinnedVersion('node') : undefined,
    nats: missing.nats ? pinnedVersion('nats') : undefined,
  });
  if (missing.node && pinnedVersion('node') === undefined) {
    const machine = `${process.platform}-${process.arch}`;
    fail(
      `Node ${process.versions.node} is too old, and npm has no newer one for ${machine}.`,
      instead('node'),
    );
  }
  try {
    if (missing.node) nodeFolder = await installTool('node', { home, node: process.execPath });
  } catch (error) {
    fail(
      `Node ${process.versions.node} is too old, and a newer one could not be fetched: ${say(error)}`,
      instead('node'),
    );
  }
  const node = nodeFolder === undefined ? undefined : toolFile('node', nodeFolder);
  try {
    if (missing.nats) natsFolder = await installTool('nats', { home, node: node ?? process.execPath });
  } catch (error) {
    warn(`the NATS server could not be fetched: ${say(error)} Instead: ${instead('nats')}.`);
  }
  return { ...(node && { node }), ...(natsFolder && { nats: natsFolder }) };
}

/** @param {{ node: string | undefined, nats: string | undefined }} missing */
function announce({ node, nats }) {
  const wares = [node && `Node ${node}`, nats && `nats-server ${nats}`].filter(Boolean).join(' and ');
  if (wares === '') return;
  const why = node ? `this Node (${process.versions.node}) is too old` : 'npm has left it out';
  warn(`fetching ${wares} from npm, once, because ${why} ...`);
}

/**
 * Runs this file again with another Node and ends as it ends. Signals are passed on; in a terminal Ctrl-C reaches
 * both processes anyway, and the command line takes two signals in the same instant for one.
 *
 * @param {string} node
 */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.once('error', (error) => fail(`${node} could not be run: ${error.message}.`, `rm -r ${node}`));
  child.once('exit', (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
  });
}

/** @param {unknown} error */
function say(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {string} text */
function warn(text) {
  process.stderr.write(`mall: ${text}\n`);
}

/** @param {string} sentence @param {string} next @returns {never} */
function fail(sentence, next) {
  warn(`${sentence} Next: ${next}.`);
  process.exit(exitUnfitEnvironment);
}
