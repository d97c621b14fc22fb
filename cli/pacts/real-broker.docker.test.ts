import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { GenericContainer, Network, type StartedTestContainer, Wait } from 'testcontainers';
import { officialImages } from '../../containers/docker/images.ts';
import { setUpTestcontainers } from '../../containers/docker/testcontainers-setup.ts';
import { engineUnderTest } from '../../containers/docker/testing/engine-under-test.ts';
import { projectRoot } from './places.ts';
import { CommittedCopy } from './testing/committed-copy.ts';
import { refused, roundThroughTheCommandLine } from './testing/round.ts';

/* The same round as with the double, with the broker that people run: the image that compose has, on its Postgres. */
const compose = readFileSync(join(projectRoot, 'containers/compose.yaml'), 'utf8');
const pinned = /\$\{MALL_PACT_IMAGE:-([^}]+)\}/.exec(compose)?.[1] ?? 'no image in compose.yaml';
const image = process.env.MALL_PACT_IMAGE || pinned;
const secrets = { username: 'pactuser', password: 'pactpass' };
const port = 9292;
/** It makes its tables first. */
const readyWithinMs = 120_000;

const { engine, skip } = await engineUnderTest(image);

describe('a round with the real broker', { skip }, () => {
  const started: { stop(): Promise<unknown> }[] = [];
  let broker: StartedTestContainer;
  let line: ReturnType<typeof pacts>;
  const url = () => `http://127.0.0.1:${broker.getMappedPort(port)}`;
  const copy = new CommittedCopy();

  before(async () => {
    if (engine) await setUpTestcontainers(engine, officialImages.reaper);
    const network = await new Network().start();
    started.unshift(network);
    const postgres = await new PostgreSqlContainer(officialImages.postgres)
      .withNetwork(network)
      .withNetworkAliases('postgres')
      .start();
    started.unshift(postgres);
    const database = `${postgres.getUsername()}:${postgres.getPassword()}@postgres/${postgres.getDatabase()}`;
    broker = await new GenericContainer(image)
      .withNetwork(network)
      .withExposedPorts(port)
      .withEnvironment({
        PACT_BROKER_PORT: String(port),
        PACT_BROKER_DATABASE_URL: `postgres://${database}`,
        PACT_BROKER_DATABASE_CONNECT_MAX_RETRIES: '5',
        PACT_BROKER_BASIC_AUTH_USERNAME: secrets.username,
        PACT_BROKER_BASIC_AUTH_PASSWORD: secrets.password,
        PACT_BROKER_PUBLIC_HEARTBEAT: 'true',
      })
      .withWaitStrategy(Wait.forHttp('/diagnostic/status/heartbeat', port))
      .withStartupTimeout(readyWithinMs)
      .start();
    started.unshift(broker);
    line = pacts(secrets.password);
  });
  after(async () => {
    for (const each of started) await each.stop();
  });

  const pacts = (password: string) =>
    copy.commandLine({
      PACT_BROKER_BASE_URL: url(),
      PACT_BROKER_USERNAME: secrets.username,
      PACT_BROKER_PASSWORD: password,
    });
  roundThroughTheCommandLine({ copy, pacts: () => line, brokerUrl: url });

  test('wrong credentials are refused', async () => {
    const told = await refused(pacts('guess'));
    assert.match(told, /^3 mall: The broker at .* does not accept these credentials \(401\)\./);
  });
});
