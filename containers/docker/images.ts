/**
 * The images a mall in Docker asks for, pinned. The versions of Postgres and NATS are those of the embedded servers;
 * the reaper's is the one this version of Testcontainers is made for.
 */
export const officialImages = {
  postgres: 'postgres:18.4-alpine',
  nats: 'nats:2.14.4-alpine',
  jaeger: 'jaegertracing/jaeger:2.17.0',
  prometheus: 'prom/prometheus:v3.11.0',
  grafana: 'grafana/grafana:12.4.0',
  collector: 'otel/opentelemetry-collector-contrib:0.150.1',
  reaper: 'testcontainers/ryuk:0.14.0',
} as const;

export type ImageName = keyof typeof officialImages;
export type Images = Readonly<Record<ImageName, string>>;

export const imageNames: readonly ImageName[] = [
  'postgres',
  'nats',
  'jaeger',
  'prometheus',
  'grafana',
  'collector',
  'reaper',
];

export interface ImageChoice {
  /** Images that take the place of ours; taken as they are. */
  readonly replaced?: Partial<Images> | undefined;
  /** A registry, with a path or without, that stands before the names of all others: `mirror.example/hub`. */
  readonly prefix?: string | undefined;
}

/** The images to ask for: ours below the prefix, but for those that are replaced. */
export function chooseImages({ replaced = {}, prefix = '' }: ImageChoice): Images {
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const choose = (name: ImageName) => replaced[name] ?? `${folder}${officialImages[name]}`;
  return {
    postgres: choose('postgres'),
    nats: choose('nats'),
    jaeger: choose('jaeger'),
    prometheus: choose('prometheus'),
    grafana: choose('grafana'),
    collector: choose('collector'),
    reaper: choose('reaper'),
  };
}

/** Host of the registry an image comes from, as credentials name it; Docker Hub where the name has none. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const named = rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost');
  return named ? first : 'docker.io';
}
