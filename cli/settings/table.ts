import { z } from 'zod';
import { extraNames } from '../../containers/docker/extras/extra.ts';
import { type ImageName, imageNames } from '../../containers/docker/images.ts';
import { defaultName, nameComplaint } from '../malls/names.ts';
import { parseDuration } from '../terminal/duration.ts';
import { addressesByService, isHostAndPort, isHttpUrl } from './addresses.ts';
import { passwordsByContext } from './passwords.ts';
import { parseSampling } from './sampling.ts';

const port = z.coerce
  .number('it must be a port number')
  .int('it must be a whole number')
  .min(1, 'it must be at least 1')
  .max(65_535, 'it must be at most 65535');

const duration = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) > 0, 'it must be a length of time such as 30s or 2m');

/** A length of time that may not be shorter than another. */
function durationOfAtLeast(least: string, why: string) {
  const leastMs = parseDuration(least) ?? 0;
  return duration.refine(
    (text) => (parseDuration(text) ?? leastMs) >= leastMs,
    `it must be ${least} or more: ${why}`,
  );
}

/** Overdue sagas are looked for every second; beyond the longest nobody would see an order end. */
const sagaDeadline = duration.refine((text) => {
  const ms = parseDuration(text);
  return ms === undefined || (ms >= 1_000 && ms <= 3_600_000);
}, 'it must be from 1s to 1h');

const mostRetries = 20;

/** Pauses between the tries of a message, as text with commas. */
const retryDelays = z.string().refine((text) => {
  const delays = text.split(',').map((delay) => parseDuration(delay.trim()) ?? 0);
  return delays.length <= mostRetries && delays.every((ms) => ms > 0);
}, `it must be up to ${mostRetries} lengths of time with commas between, such as 1s,5s,30s`);

const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])], 'it must be true or false')
  .transform((value) => value === true || value === 'true' || value === '1');

/** A choice that says what this version has to offer. */
function choice<const Options extends readonly [string, ...string[]]>(options: Options) {
  const known = options.map((option) => `"${option}"`).join(' or ');
  return z.enum(options, `this version offers ${known}`);
}

function url(protocols: readonly string[]) {
  const known = protocols.map((protocol) => `${protocol}//`).join(' or ');
  return z.string().refine((text) => {
    return URL.canParse(text) && protocols.includes(new URL(text).protocol);
  }, `it must be an address that begins with ${known}`);
}

/**
 * The names of the strict rules (services/kernel/lifecycle/strict.ts): spelled here, so that reading the settings
 * loads nothing of the mall. The compiler holds both lists together where the mall is started.
 */
const strictRules = ['participation', 'customers', 'skus', 'uuids'] as const;

/** A list of names as text with commas; `all` is every one. */
const strict = z.string().transform((text, context) => {
  if (text === 'all') return [...strictRules];
  const names = text.split(',').map((name) => name.trim());
  const rules = strictRules.filter((rule) => names.includes(rule));
  if (rules.length === names.length) return rules;
  context.addIssue(`it must be "all" or some of ${strictRules.join(', ')} with commas between`);
  return z.NEVER;
});

const names = z.string().transform((text) => text.split(',').map((name) => name.trim()));

const tracing = z
  .string()
  .refine(
    (text) => parseSampling(text) !== undefined,
    'it must be off, all, a share such as 0.1, or so many traces a second such as 20/s',
  );

/** A list of names as text with commas; `all` is every one, `none` not one. */
const extras = z.string().transform((text, context) => {
  if (text === 'all') return [...extraNames];
  const names = text === 'none' ? [] : text.split(',').map((name) => name.trim());
  const known = extraNames.filter((name) => names.includes(name));
  if (known.length === names.length) return known;
  context.addIssue(`it must be "all", "none", or some of ${extraNames.join(', ')} with commas between`);
  return z.NEVER;
});

/** Images by what they are for, as text: `postgres=mirror.example/postgres:18,nats=...`. */
const images = z.string().transform((text, context) => {
  const chosen: Partial<Record<ImageName, string>> = {};
  for (const pair of text.split(',')) {
    const [name, image] = pair.trim().split('=');
    const known = imageNames.find((each) => each === name);
    if (known === undefined || !image) {
      const all = imageNames.join(', ');
      context.addIssue(`it must name images as postgres=IMAGE, with commas between, for ${all}`);
      return z.NEVER;
    }
    chosen[known] = image;
  }
  return chosen;
});

/** Every setting with the values it takes. A value that is not set is told apart from its default. */
export const settingsSchema = z.object({
  name: z
    .string()
    .superRefine((name, context) => {
      const complaint = nameComplaint(name);
      if (complaint !== undefined) context.addIssue(complaint);
    })
    .default(defaultName),
  infra: choice(['auto', 'docker', 'embedded', 'external']).default('auto'),
  images: images.optional(),
  extras: extras.default([...extraNames]),
  imagePrefix: z
    .string()
    .regex(
      /^(localhost|[^/]+[.:][^/]*)(\/|$)/,
      "it must begin with a registry's host, as mirror.example/hub does",
    )
    .optional(),
  mode: choice(['monolith', 'microservices']).default('monolith'),
  host: z.string().min(1, 'it must name a host').default('127.0.0.1'),
  port: port.optional(),
  grpcPort: port.optional(),
  postgresPort: port.optional(),
  natsPort: port.optional(),
  postgresUrl: url(['postgres:', 'postgresql:']).optional(),
  migrationUrl: url(['postgres:', 'postgresql:']).optional(),
  migrationPasswords: passwordsByContext.optional(),
  natsUrl: url(['nats:', 'tls:']).optional(),
  natsStream: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'it must hold letters, digits, - and _ only')
    .optional(),
  natsReplicas: z.coerce
    .number('it must be 1, 3 or 5')
    .refine((count) => [1, 3, 5].includes(count), 'it must be 1, 3 or 5')
    .default(1),
  services: addressesByService({ example: 'STORES=stores:9000', isAddress: isHostAndPort }).optional(),
  serviceUrls: addressesByService({ example: 'STORES=http://stores:8080', isAddress: isHttpUrl }).optional(),
  fast: flag.default(false),
  strict: strict.optional(),
  declineAbove: z.coerce
    .number('it must be an amount')
    .nonnegative('it must be 0 or more')
    .max(99_999_999, 'it must be at most 99999999')
    .optional(),
  declineCustomers: names.optional(),
  authSecret: z.string().min(32, 'it must have at least 32 characters').optional(),
  tracing: tracing.default('20/s'),
  otlpEndpoint: url(['http:', 'https:']).optional(),
  relay: choice(['woken', 'polled']).default('woken'),
  retryDelays: retryDelays.default('1s,5s,30s,2m,10m'),
  outboxKept: durationOfAtLeast('10m', 'the broker syncs every two minutes and is refilled from it').default(
    '24h',
  ),
  inboxKept: durationOfAtLeast('337h', 'the stream keeps its messages for 336h').default('360h'),
  idempotencyKept: duration.default('24h'),
  sagaDeadline: sagaDeadline.default('30s'),
  jaegerUrl: url(['http:', 'https:']).optional(),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error'], 'it must be trace, debug, info, warn or error')
    .default('info'),
  startTimeout: duration.default('60s'),
  silenceTimeout: duration
    .refine((text) => (parseDuration(text) ?? 0) >= 1_000, 'it must be 1s or more')
    .default('20s'),
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingName = keyof Settings;
/** What `mall.config.ts` may export: any of the settings. */
export type MallConfig = z.input<typeof settingsSchema>;

interface SettingEntry {
  readonly environment: string;
  /** The variable that other programs know it by; ours wins. */
  readonly standard?: string;
  /** As commander wants it; absent where there is no flag. */
  readonly flag?: string;
  readonly help: string;
  /** What holds when the setting is absent and the schema has no default. */
  readonly otherwise?: string;
  readonly secret?: true;
}

/** Where each setting comes from besides `mall.config.ts`, and what it is for. */
export const settingsTable: Readonly<Record<SettingName, SettingEntry>> = {
  name: {
    environment: 'MALL_NAME',
    flag: '-n, --name <name>',
    help: 'which mall; each has its own data and ports',
  },
  infra: {
    environment: 'MALL_INFRA',
    flag: '--infra <kind>',
    help:
      'docker: in containers; embedded: Postgres and NATS come along; external: yours, named by MALL_POSTGRES_URL ' +
      'and MALL_NATS_URL; auto: docker where an engine answers, else embedded',
  },
  extras: {
    environment: 'MALL_EXTRAS',
    flag: '--extras <names>',
    help: 'what docker starts to watch the mall with: jaeger, prometheus, grafana, collector, all, or none',
  },
  images: {
    environment: 'MALL_IMAGES',
    help: "images to use in place of docker's own, as postgres=IMAGE,nats=IMAGE",
    otherwise: 'the pinned official ones',
  },
  imagePrefix: {
    environment: 'MALL_IMAGE_PREFIX',
    help: 'registry, and path in it, that holds copies of the official images',
    otherwise: 'none',
  },
  mode: {
    environment: 'MALL_MODE',
    flag: '--mode <mode>',
    help: 'monolith: all contexts in one process; microservices: each in its own, a gateway before them',
  },
  host: { environment: 'MALL_HOST', flag: '--host <host>', help: 'where the doors listen' },
  port: {
    environment: 'MALL_PORT',
    flag: '-p, --port <port>',
    help: 'REST port',
    otherwise: '8080; a free one for a named mall',
  },
  grpcPort: {
    environment: 'MALL_GRPC_PORT',
    flag: '--grpc-port <port>',
    help: 'gRPC port',
    otherwise: '9000; a free one for a named mall',
  },
  postgresPort: {
    environment: 'MALL_POSTGRES_PORT',
    help: "port of the mall's own Postgres",
    otherwise: 'a free one',
  },
  natsPort: { environment: 'MALL_NATS_PORT', help: "port of the mall's own NATS", otherwise: 'a free one' },
  postgresUrl: {
    environment: 'MALL_POSTGRES_URL',
    help: 'database of --infra external',
    otherwise: 'none',
    secret: true,
  },
  migrationUrl: {
    environment: 'MALL_MIGRATION_URL',
    help: 'the database of `mall serve --migrate` as the role that owns it',
    otherwise: 'none; the role of MALL_POSTGRES_URL migrates where it may',
    secret: true,
  },
  migrationPasswords: {
    environment: 'MALL_MIGRATION_PASSWORDS',
    help: 'passwords of the roles of migrationUrl, as STORES=…,BASKETS=…',
    otherwise: 'that of migrationUrl',
    secret: true,
  },
  natsUrl: {
    environment: 'MALL_NATS_URL',
    help: 'broker of --infra external',
    otherwise: 'none',
    secret: true,
  },
  natsStream: {
    environment: 'MALL_NATS_STREAM',
    help: 'JetStream stream and first part of every subject',
    otherwise: 'intellimall; intellimall-<name> for a named mall on external infrastructure',
  },
  natsReplicas: {
    environment: 'MALL_NATS_REPLICAS',
    help: 'servers of a NATS cluster that keep the stream: with 3 one of them may be lost',
  },
  services: {
    environment: 'MALL_SERVICES',
    standard: 'RPC_SERVICES',
    help: 'where contexts in other processes take calls, as STORES=stores:9000,CUSTOMERS=customers:9000',
    otherwise: 'nowhere',
  },
  serviceUrls: {
    environment: 'MALL_SERVICE_URLS',
    help: 'where the gateway finds their health and metrics, as STORES=http://stores:8080',
    otherwise: 'nowhere',
  },
  fast: {
    environment: 'MALL_FAST',
    flag: '--fast',
    help: 'Postgres does not sync: quick, for data to throw away',
  },
  strict: {
    environment: 'MALL_STRICT',
    flag: '--strict <rules>',
    help: 'rules that refuse more than the original did: participation, customers, skus, uuids, or all',
    otherwise: 'none',
  },
  declineAbove: {
    environment: 'MALL_DECLINE_ABOVE',
    help: 'the payment provider declines larger amounts',
    otherwise: 'nothing is declined',
  },
  declineCustomers: {
    environment: 'MALL_DECLINE_CUSTOMERS',
    help: 'ids of customers whose payments the provider declines, with commas between',
    otherwise: 'nobody is declined',
  },
  // No flag: everybody on the machine can read a process' flags.
  authSecret: {
    environment: 'MALL_AUTH_SECRET',
    help: 'callers must show tokens signed with it',
    otherwise: 'nobody is asked for a token',
    secret: true,
  },
  tracing: {
    environment: 'MALL_TRACING',
    standard: 'OTEL_TRACES_SAMPLER_ARG',
    flag: '--tracing <share>',
    help: 'which traces are recorded: off, all, a share such as 0.1, or at most so many a second such as 20/s',
  },
  otlpEndpoint: {
    environment: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    help: 'where traces are sent, by OTLP over HTTP; such as http://localhost:4318',
    otherwise: 'the mall keeps the recent ones itself',
  },
  jaegerUrl: {
    environment: 'MALL_JAEGER_URL',
    help: "who answers Jaeger's query API about traces sent to otlpEndpoint; such as http://localhost:16686",
    otherwise: 'nobody',
  },
  relay: {
    environment: 'MALL_RELAY',
    help: 'polled: outboxes are emptied as the original did it, every 333 ms and one by one; slow, to compare with',
  },
  retryDelays: {
    environment: 'MALL_RETRY_DELAYS',
    help: 'pauses between the tries of a message; when they are used up it is a dead letter',
  },
  outboxKept: {
    environment: 'MALL_OUTBOX_KEPT',
    help: 'how long published messages are kept in the outbox, for a broker that has lost its tail',
  },
  inboxKept: {
    environment: 'MALL_INBOX_KEPT',
    help: 'how long a consumer remembers what it has taken',
  },
  idempotencyKept: {
    environment: 'MALL_IDEMPOTENCY_KEPT',
    help: 'how long a request may be repeated under its Idempotency-Key',
  },
  sagaDeadline: {
    environment: 'MALL_SAGA_DEADLINE',
    help: "how long an order's saga awaits an answer before it asks again, then longer, and at last undoes the order",
  },
  logLevel: { environment: 'MALL_LOG_LEVEL', help: 'least level that is logged' },
  startTimeout: { environment: 'MALL_START_TIMEOUT', help: 'how long a start may take' },
  silenceTimeout: {
    environment: 'MALL_SILENCE_TIMEOUT',
    help: 'in microservices mode: a service that has not answered for so long is ended and started again',
  },
};

export const settingNames: readonly SettingName[] = settingsSchema.keyof().options;

/** What a setting may be, where that is a list of words. */
export function choicesOf(name: string): readonly string[] {
  const setting = settingNames.find((each) => each === name);
  const schema = setting && settingsSchema.shape[setting];
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  return inner instanceof z.ZodEnum ? inner.options.map(String) : [];
}
