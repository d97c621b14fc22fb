import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import swaggerUiPackage from 'swagger-ui-dist/package.json' with { type: 'json' };
import { restDocuments } from '../../../proto/rest-documents.ts';
import { openApiDocument, type RestContext } from './openapi.ts';
import { type ListedDocument, swaggerUiPage, swaggerUiScript, swaggerUiStyle } from './swagger-ui-page.ts';

interface Listed {
  readonly context: RestContext;
  readonly name: string;
}

/** The documents in the order and under the names of the original's drop-down; not all are their titles. */
const ofTheOriginal: readonly Listed[] = [
  { context: 'customers', name: 'Customers' },
  { context: 'depot', name: 'Depot Operations' },
  { context: 'ordering', name: 'Order Processing' },
  { context: 'search', name: 'Order Search' },
  { context: 'payments', name: 'Payments' },
  { context: 'stores', name: 'Store Management' },
  { context: 'baskets', name: 'Shopping Baskets' },
];

/** Those that it does not have come after them, under their titles. */
function listedOf(contexts: readonly RestContext[]): readonly Listed[] {
  const known = ofTheOriginal.filter(({ context }) => contexts.includes(context));
  const others = contexts.filter((name) => !ofTheOriginal.some(({ context }) => context === name));
  return [...known, ...others.map((context) => ({ context, name: restDocuments[context].title }))];
}

/** What the pages need of the package. Its own index and initializer fetch from a public host: not served. */
const assets = [
  'swagger-ui.css',
  'index.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'favicon-16x16.png',
  'favicon-32x32.png',
] as const;

/** The pages name the release with each asset, so that a new one is fetched at once. */
const ASSET_MAX_AGE_MS = 24 * 60 * 60 * 1000;

/** Keeps the browser from asking any other host, whatever a page or document says. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI's logo brings a style element of its own.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const documentUrl = (context: RestContext) => `/${context}-spec/openapi.json`;

/**
 * A plugin that serves the documents of these contexts and Swagger UI to read them: all at
 * `/swagger-ui/`, each alone at `/<context>-spec/`. Documents come from the descriptors, so the contexts need not run in this process.
 * Without contexts it serves nothing.
 */
export function swaggerUi(contexts: readonly RestContext[]): (app: FastifyInstance) => Promise<void> {
  const served = listedOf(contexts);
  return async (app) => {
    if (served.length === 0) return;
    app.addHook('onSend', async (_request, reply) => {
      reply.header('Content-Security-Policy', contentSecurityPolicy);
      reply.header('X-Content-Type-Options', 'nosniff');
    });
    await serveAssets(app);
    const documents = served.map(({ context, name }) => ({ name, url: documentUrl(context) }));
    app.get('/swagger-ui', async (_request, reply) => reply.redirect('/swagger-ui/', 301));
    servePage(app, '/swagger-ui/', 'mall', documents);
    for (const { context, name } of served) {
      app.get(`/${context}-spec`, async (_request, reply) => reply.redirect(`/${context}-spec/`, 301));
      servePage(app, `/${context}-spec/`, `mall: ${name}`, [{ name, url: documentUrl(context) }]);
      serveDocument(app, context);
    }
  };
}

/** One route per asset: whatever else is in the package is as unknown as any other address. */
async function serveAssets(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json'))),
    serve: false,
    maxAge: ASSET_MAX_AGE_MS,
    immutable: true,
  });
  for (const asset of assets) {
    app.get(`/swagger-ui/${asset}`, async (_request, reply) => reply.sendFile(asset));
  }
  serveText(app, '/swagger-ui/mall.css', 'text/css; charset=utf-8', swaggerUiStyle);
  serveText(app, '/swagger-ui/mall.js', 'text/javascript; charset=utf-8', swaggerUiScript);
}

/** Serves the page of a folder, which the original's clients also ask for as its index.html. */
function servePage(
  app: FastifyInstance,
  path: string,
  title: string,
  documents: readonly ListedDocument[],
): void {
  const page = swaggerUiPage({ title, documents, assetVersion: swaggerUiPackage.version });
  serveText(app, path, 'text/html; charset=utf-8', page);
  app.get(`${path}index.html`, async (_request, reply) => reply.redirect(path, 301));
}

/** Serves the document at its address and at the original's, where its clients look for it. */
function serveDocument(app: FastifyInstance, context: RestContext): void {
  const json = JSON.stringify(openApiDocument(context));
  for (const path of [documentUrl(context), `/${context}-spec/api.swagger.json`]) {
    serveText(app, path, 'application/json; charset=utf-8', json);
  }
}

function serveText(app: FastifyInstance, path: string, contentType: string, text: string): void {
  app.get(path, async (_request, reply) =>
    reply.type(contentType).header('Cache-Control', 'no-cache').send(text),
  );
}
