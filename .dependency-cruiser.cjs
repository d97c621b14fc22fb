/** The import rules of the house, checked in CI. Tests may reach further than the code they test. */
const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

/** The folders that are contexts: those with a module for the composition root. */
const contexts = readdirSync(join(__dirname, 'services'))
  .filter((name) => existsSync(join(__dirname, 'services', name, 'module.ts')))
  .join('|');
const test = '[.]test[.]ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'contexts-meet-over-the-wire',
      comment: 'A context imports the kernel and the wire, never another context.',
      severity: 'error',
      from: { path: `^services/(${contexts})/`, pathNot: test },
      to: { path: `^services/(${contexts})/`, pathNot: '^services/$1/' },
    },
    {
      name: 'a-context-shows-its-module-only',
      comment: 'Only the composition root knows the contexts, by their modules.',
      severity: 'error',
      from: { pathNot: [`^services/(${contexts})/`, test] },
      to: { path: `^services/(${contexts})/`, pathNot: `^services/(${contexts})/module[.]ts$` },
    },
    {
      name: 'only-the-root-knows-the-contexts',
      severity: 'error',
      from: { pathNot: ['^services/mall[.]ts$', `^services/(${contexts})/`, test] },
      to: { path: `^services/(${contexts})/` },
    },
    {
      name: 'kernel-knows-no-context',
      severity: 'error',
      from: { path: '^services/kernel/', pathNot: test },
      to: { path: `^services/(?!kernel/)` },
    },
    {
      name: 'kernel-folders-show-their-index',
      comment: 'Across folders of the kernel, and from outside it, imports go through index.ts.',
      severity: 'error',
      from: { path: '^services/([^/]+)/([^/]+)', pathNot: test },
      to: {
        path: '^services/kernel/[^/]+/',
        pathNot: [
          '^services/kernel/[^/]+/index[.]ts$',
          '^services/kernel/eventstore/stream-codec[.]ts$',
          '^services/$1/$2/',
        ],
      },
    },
    {
      name: 'domain-is-pure',
      comment: 'No database, no clock, no random, no I/O below the deciders.',
      severity: 'error',
      from: { path: '^services/kernel/domain/', pathNot: [test, 'given-when-then[.]ts$'] },
      to: { pathNot: '^services/kernel/domain/' },
    },
    {
      name: 'aggregates-are-pure',
      comment: 'The files that tell the business import the domain words and nothing else.',
      severity: 'error',
      from: {
        path: '^services/(baskets/basket|customers/customer|depot/shopping-list|ordering/order|payments/payment|payments/invoice|stores/store|stores/product)[.]ts$',
      },
      to: { pathNot: '^services/kernel/domain/' },
    },
    {
      name: 'cli-uses-the-root-only',
      severity: 'error',
      from: { path: '^(cli|features)/', pathNot: test },
      to: { path: '^services/', pathNot: '^services/mall[.]ts$' },
    },
    {
      name: 'pacts-drive-contexts-as-tests-do',
      comment: 'Contracts are made and verified on real contexts, by the root and the kernel for tests.',
      severity: 'error',
      from: { path: '^pacts/', pathNot: test },
      to: { path: '^services/', pathNot: '^services/(mall|kernel/testing/index)[.]ts$' },
    },
    {
      name: 'features-stay-outside',
      comment:
        'Features judge the mall by the wire, its doors and what it stores; they know nothing of its code.',
      severity: 'error',
      from: { path: '^features/', pathNot: test },
      to: { path: '^(services|containers)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Code that nobody imports is deleted.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          test,
          '[.]d[.]ts$',
          '(^|/)[.][^/]+[.]cjs$',
          '^cli/launcher/',
          '^containers/image/ready[.]mjs$',
          '^proto/generate[.]ts$',
          '^proto/gen/',
          // Cucumber loads them.
          '^features/(index[.]ts$|steps/|world/hooks[.]ts$|breaks/run[.]ts$|example/steps/)',
        ],
      },
      to: {},
    },
    {
      name: 'what-runs-is-a-dependency',
      severity: 'error',
      from: {
        path: '^(cli|services|containers|proto|features)/',
        pathNot: [test, 'given-when-then[.]ts$', '^services/kernel/testing/', '^proto/generate[.]ts$'],
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(reports|node_modules|[.]mall)' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['mall-source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
