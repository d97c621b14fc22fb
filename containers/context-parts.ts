import type { ContextName } from '../proto/contexts.ts';

/** The contexts, in alphabetical order, and those of them that have a REST door. */
export interface Names {
  readonly contexts: readonly ContextName[];
  readonly withDoor: readonly ContextName[];
}

/** The lines of a part. */
type Part = (names: Names) => string[];

const upper = (context: ContextName) => context.toUpperCase();

/** Lines of each context. */
function each(lines: (context: ContextName) => readonly string[]): Part {
  return ({ contexts }) => contexts.flatMap(lines);
}

/** A variable and its pairs, folded: a comma after each but the last. */
function folded(variable: string, pair: (context: ContextName) => string): Part {
  const indent = variable.length - variable.trimStart().length + 2;
  return ({ contexts }) => {
    const comma = (at: number) => (at < contexts.length - 1 ? ',' : '');
    return [variable, ...contexts.map((context, at) => `${' '.repeat(indent)}${pair(context)}${comma(at)}`)];
  };
}

const password = (context: ContextName, kind: '' | '_OWNER') =>
  `\${MALL_${upper(context)}${kind}_PASSWORD:-${context}${kind.toLowerCase()}_pass}`;

/** A process of one context in the compose file. */
const composeService = (context: ContextName) => [
  `  ${context}:`,
  '    <<: *service',
  `    command: [--context, ${context}]`,
  '    environment:',
  '      <<: *service-environment',
  `      MALL_POSTGRES_URL: postgres://${context}_user:${password(context, '')}@postgres:5432/${context}`,
  '',
];

/** What the job that migrates is told of a context, in the cluster. */
const ownerPassword = (context: ContextName) => {
  const name = `${upper(context)}_OWNER_PASSWORD`;
  return [
    `            - name: ${name}`,
    `              valueFrom: { secretKeyRef: { name: mall-owners, key: ${name} } }`,
  ];
};

/** What files that people write say of each context, by the name of the part in its file. */
export const contextParts: Readonly<Record<string, Readonly<Record<string, Part>>>> = {
  'containers/compose.yaml': {
    addresses: folded('    MALL_SERVICES: &addresses >-', (context) => `${upper(context)}=${context}:9000`),
    "owners' passwords": folded(
      '      MALL_MIGRATION_PASSWORDS: >-',
      (context) => `${upper(context)}=${password(context, '_OWNER')}`,
    ),
    services: ({ contexts }) => contexts.flatMap(composeService).slice(0, -1),
    'where health is': folded(
      '      MALL_SERVICE_URLS: >-',
      (context) => `${upper(context)}=http://${context}:8080`,
    ),
    'what the gateway waits for': each((context) => [`      ${context}: { condition: service_healthy }`]),
    passwords: each((context) =>
      (['', '_OWNER'] as const).map(
        (kind) => `      MALL_${upper(context)}${kind}_PASSWORD: ${password(context, kind)}`,
      ),
    ),
  },
  'containers/nginx/nginx.conf': {
    doors: ({ withDoor }) =>
      withDoor.map(
        (context) =>
          `    location /api/${context} { set $upstream http://${context}:8080; proxy_pass $upstream; }`,
      ),
  },
  'containers/database/init.sh': { services: ({ contexts }) => [`services="${contexts.join(' ')}"`] },
  'containers/database/passwords.sh': {
    contexts: ({ contexts }) => [`contexts="${contexts.map(upper).join(' ')}"`],
  },
  'containers/prometheus/prometheus.yml': {
    jobs: each((context) => [
      `  - job_name: ${context}`,
      '    scrape_interval: 10s',
      `    dns_sd_configs: [{ names: [${context}], type: A, port: 8080, refresh_interval: 10s }]`,
    ]),
  },
  'containers/kubernetes/mall.env': {
    addresses: ({ contexts }) => [
      `MALL_SERVICES=${contexts.map((context) => `${upper(context)}=mall-${context}:9000`).join(',')}`,
      `MALL_SERVICE_URLS=${contexts.map((context) => `${upper(context)}=http://mall-${context}:8080`).join(',')}`,
    ],
  },
  'containers/kubernetes/jobs.yaml': {
    "owners' passwords": (names) => [
      ...each(ownerPassword)(names),
      '            - name: MALL_MIGRATION_PASSWORDS',
      ...folded(
        '              value: >-',
        (context) => `${upper(context)}=$(${upper(context)}_OWNER_PASSWORD)`,
      )(names),
    ],
  },
  'containers/kubernetes/kustomization.yaml': { contexts: each((context) => [`  - contexts/${context}`]) },
};

/** Files of one context each. */
export const contextFiles: Readonly<Record<string, (context: ContextName) => readonly string[]>> = {
  'containers/kubernetes/contexts/<context>/kustomization.yaml': (context) => [
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    `nameSuffix: -${context}`,
    'resources: [../template]',
    'labels:',
    '  - includeSelectors: true',
    `    pairs: { app.kubernetes.io/component: ${context} }`,
    'patches:',
    '  - target: { kind: Deployment }',
    '    patch: |-',
    '      - op: replace',
    '        path: /spec/template/spec/containers/0/env/1/valueFrom/secretKeyRef/key',
    `        value: ${upper(context)}_PASSWORD`,
  ],
};
