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
import { mayStartServers, natsCameWithTheMall, nodeIsNewEnough } from './needs.mjs';

const exitUnfitEnvironment = 4;
const parentPollMs = 250;
const args = process.argv.slice(2);
/** Whether this is the package from npm, which holds JavaScript in the place of TypeScript. */
const packed = !existsSync(new URL('../main.ts', import.meta.url));

endWithParent();
await launch();

async function launch() {
  const home = homeOrExit();
  const { node, nats } = await tools(home);
  if (nats !== undefined) process.env.MALL_TOOLCHAIN = nats;
  if (node !== undefined) return runWith(node);
  const cache = existsSync(home) ? toolsFolder(home) : userToolsFolder(process.env);
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE ?? join(cache, 'compiled'));
  try {
    await import(packed ? '../main.js' : '../main.ts');
  } catch (error) {
    if (!/^Cannot find package/.test(say(error))) throw error;
    fail(`The packages the mall is made with are not installed: ${say(error).split('\n')[0]}.`, 'npm ci');
  }
}

/**
 * What has to be brought along for this start. Usually nothing, and that is found out in a millisecond.
 *
 * @param {string} home
 * @returns {Promise<{ node?: string, nats?: string }>}
 */
async function tools(home) {
  const newNode = !nodeIsNewEnough(process.versions.node);
  // One that another has started, as in tests, takes over what that has found.
  const { MALL_NATS_BIN: named, MALL_TOOLCHAIN: found } = process.env;
  const nats = mayStartServers({ args, env: process.env }) && !named && !found && !natsCameWithTheMall();
  if (!newNode && !nats) return {};
  const { provide, ToolchainError } = await import('./provide.mjs');
  try {
    return await provide({ home, newNode, nats }, tell);
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    // The doctor tells that it is missing, among the rest.
    return args.includes('doctor') && !newNode ? {} : fail(error.message, error.next);
  }
}

/**
 * `npx mall up & ... kill $!` reaches npm, which passes the signal on to the shell between itself and this process;
 * the shell dies of it and tells nobody. So a start through npm ends, in order, once its parent is gone; as does one
 * by an older Node (MALL_LAUNCHED), which may be killed. One that was detached (MALL_DETACHED) is meant to outlive its
 * parent.
 */
function endWithParent() {
  const { npm_execpath: npm, MALL_LAUNCHED: launched, MALL_DETACHED: detached } = process.env;
  if (!(npm || launched) || detached) return;
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
 * Runs this file again with another Node and ends as it ends. Signals are passed on; in a terminal Ctrl-C reaches
 * both processes anyway, and the command line takes two signals in the same instant for one.
 *
 * @param {string} node
 */
function runWith(node) {
  const env = { ...process.env, MALL_LAUNCHED: '1' };
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit', env });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.once('error', (error) =>
    fail(`${node} could not be run: ${error.message}.`, 'remove it and try again'),
  );
  child.once('exit', (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
  });
}

/** @param {unknown} error */
function say(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {string} text */
function tell(text) {
  process.stderr.write(`mall: ${text}\n`);
}

/**
 * Ends as the command line itself would: with a sentence, or for a program with the object that
 * terminal/error-report.ts writes.
 *
 * @param {string} message @param {string} next @returns {never}
 */
function fail(message, next) {
  const [code, exitCode] = ['environment', exitUnfitEnvironment];
  const document = { schema: 'mall.error/1', code, exitCode, message, cause: null, next };
  if (args.includes('--json')) process.stderr.write(`${JSON.stringify(document)}\n`);
  else tell(`${message} Next: ${next}.`);
  process.exit(exitCode);
}
