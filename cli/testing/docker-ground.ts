import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { DockerEngine } from '../../containers/docker/engine.ts';
import { containersOf, engineUnderTest } from '../../containers/docker/testing/engine-under-test.ts';
import { freePort } from '../../containers/embedded/index.ts';
import { type MallFolders, mallFolders } from '../malls/folders.ts';
import { type CliUnderTest, cliUnderTest } from './cli-process.ts';

/** Prometheus scrapes every five seconds. */
export const scrapedWithinMs = 30_000;

const upDocument = z.object({
  pid: z.number(),
  infra: z.literal('docker'),
  addresses: z.object({ rest: z.string(), postgres: z.string() }),
  containers: z.array(z.object({ service: z.string(), id: z.string(), image: z.string(), url: z.string() })),
});
export type DockerMall = z.output<typeof upDocument>;
const queryAnswer = z.object({ data: z.object({ result: z.array(z.unknown()) }) });

/** The command line on an engine, for a file of Docker tests. */
export interface DockerGround {
  readonly cli: CliUnderTest;
  readonly folders: MallFolders;
  /** Doors nobody else has. */
  readonly doors: readonly string[];
  /** Another command line, with a home and settings of its own. */
  another(settings: NodeJS.ProcessEnv): DockerGround;
  /** Starts the mall in the background. */
  up(...args: readonly string[]): Promise<DockerMall>;
  /** Containers of the mall that the engine has. */
  containers(): Promise<readonly string[]>;
}

type Body = (ground: DockerGround & { readonly engine: DockerEngine }, context: TestContext) => Promise<void>;

/**
 * A way to declare tests that need an engine with certain images, besides those that every mall in Docker needs; they
 * are skipped, with the reason, where there is none. The mall comes without extras.
 */
export async function dockerGround(
  ...images: readonly string[]
): Promise<(name: string, body: Body) => void> {
  const { engine, skip } = await engineUnderTest(...images);
  const doors = ['--port', String(await freePort()), '--grpc-port', String(await freePort())];
  const ground = groundWith({ MALL_INFRA: 'docker', MALL_EXTRAS: 'none' });
  function groundWith(settings: NodeJS.ProcessEnv): DockerGround {
    const cli = cliUnderTest(settings);
    const folders = mallFolders(cli.home, 'mall');
    return {
      cli,
      folders,
      doors,
      another: groundWith,
      up: (...args) => up(cli, [...doors, ...args]),
      containers: async () => (engine === undefined ? [] : containersOf(engine, folders.folder)),
    };
  }
  return (name, body) =>
    test(name, { skip }, async (context) => {
      assert.ok(engine);
      await body({ ...ground, engine }, context);
    });
}

async function up(cli: CliUnderTest, args: readonly string[]): Promise<DockerMall> {
  const { code, stdout, stderr } = await cli.run('up', '--detach', '--json', ...args);
  assert.equal(code, 0, stderr);
  return upDocument.parse(JSON.parse(stdout));
}

/** A mall's container by what it is for. */
export function containerOf(mall: DockerMall, service: string): DockerMall['containers'][number] {
  const found = mall.containers.find((each) => each.service === service);
  assert.ok(found, service);
  return found;
}

/** How many series a query finds, once it finds any. */
export async function seriesOf(prometheusUrl: string, query: string): Promise<number> {
  const deadline = performance.now() + scrapedWithinMs;
  for (;;) {
    const response = await fetch(`${prometheusUrl}/api/v1/query?query=${encodeURIComponent(query)}`);
    assert.equal(response.status, 200, `${query}: ${response.statusText}`);
    const { result } = queryAnswer.parse(await response.json()).data;
    if (result.length > 0 || performance.now() > deadline) return result.length;
    await pause(200);
  }
}
