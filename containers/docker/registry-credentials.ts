import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { registryOf } from './images.ts';

const helperWithinMs = 10_000;
const dockerHub = 'https://index.docker.io/v1/';

const configShape = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});
const helperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/**
 * The credentials that `docker login` has left for an image's registry, as the engine wants them in its header;
 * undefined where there are none, and then the image is asked for as nobody in particular.
 */
export async function registryCredentials(image: string, dockerFolder: string): Promise<string | undefined> {
  const config = readConfig(dockerFolder);
  if (config === undefined) return undefined;
  const registry = registryOf(image);
  const server = registry === 'docker.io' ? dockerHub : registry;
  const helper = config.credHelpers[registry] ?? config.credHelpers[server] ?? config.credsStore;
  const helped = helper === undefined ? undefined : await askHelper(helper, server);
  if (helped !== undefined) return header({ ...helped, serveraddress: server });
  const saved = config.auths[server] ?? config.auths[registry] ?? config.auths[`https://${registry}`];
  if (saved?.identitytoken) return header({ identitytoken: saved.identitytoken, serveraddress: server });
  if (!saved?.auth) return undefined;
  const [username = '', ...password] = Buffer.from(saved.auth, 'base64').toString('utf8').split(':');
  return header({ username, password: password.join(':'), serveraddress: server });
}

function readConfig(dockerFolder: string): z.output<typeof configShape> | undefined {
  try {
    return configShape.parse(JSON.parse(readFileSync(join(dockerFolder, 'config.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/** A helper that is missing, slow or knows nothing is no reason to fail: most images are public. */
async function askHelper(
  helper: string,
  server: string,
): Promise<{ username: string; password: string } | { identitytoken: string } | undefined> {
  try {
    const child = spawn(`docker-credential-${helper}`, ['get'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: helperWithinMs,
    });
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    child.stdin.on('error', () => undefined).end(server);
    const { Username, Secret } = helperAnswer.parse(
      JSON.parse(await Promise.race([text(child.stdout), failed])),
    );
    return Username === '<token>' ? { identitytoken: Secret } : { username: Username, password: Secret };
  } catch {
    return undefined;
  }
}

function header(credentials: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(credentials)).toString('base64url');
}
