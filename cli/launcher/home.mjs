import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/**
 * The folder the mall is used from: the nearest one, from the current one upwards, that has a `.mall` or a
 * package.json already, else the current one.
 *
 * @param {string} cwd
 */
export function projectFolder(cwd) {
  for (let at = resolve(cwd); ; at = dirname(at)) {
    if (existsSync(join(at, '.mall')) || existsSync(join(at, 'package.json'))) return at;
    if (at === dirname(at)) return resolve(cwd);
  }
}

/**
 * The folder that keeps everything a mall leaves on disk: MALL_HOME when set, else `.mall` in the project folder.
 * Shared by the launcher, which runs on old Nodes and knows no TypeScript, and by the command line.
 *
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} from
 * @returns {string} an absolute path; the folder need not exist
 */
export function mallHome({ cwd, env }) {
  return env.MALL_HOME ? resolve(cwd, env.MALL_HOME) : join(projectFolder(cwd), '.mall');
}

/**
 * Makes a folder with those above it. Node's own way to do so never ends where a folder is there and nothing can be
 * made in it, as below /proc.
 *
 * @param {string} folder
 * @returns {void}
 */
export function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else has made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
}

/**
 * What the mall brings for itself (Node, NATS, Postgres, compiled code) lies in a folder beside the malls' own;
 * no mall may therefore be called `tools`.
 *
 * @param {string} home
 */
export function toolsFolder(home) {
  return join(home, 'tools');
}

/**
 * Stands in for the tools folder of a home that does not exist yet or may not be written.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function userToolsFolder(env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mall', 'tools');
}
