import type { FastifyInstance } from 'fastify';
import type { ContextName } from '../../../proto/catalogue.ts';
import { restDocuments } from '../../../proto/rest-documents.ts';
import { type AsyncApiOptions, asyncApiDocument } from './asyncapi.ts';
import { asyncApiIndex, asyncApiPage, type DocumentedContext } from './asyncapi-page.ts';
import { asyncApiIcon, asyncApiStyle } from './asyncapi-style.ts';

/** The pages need a style and an icon of this host, and nothing else from anywhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * A plugin that serves the AsyncAPI documents of these contexts: each with a readable page at
 * `/<context>-asyncapi/`, where the original has that of its stores, and all of them listed at `/asyncapi/`.
 * Without contexts it serves nothing.
 */
export function asyncApiPages(
  contexts: readonly ContextName[],
  options: AsyncApiOptions,
): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    if (contexts.length === 0) return;
    app.addHook('onSend', async (_request, reply) => {
      reply.header('Content-Security-Policy', contentSecurityPolicy);
      reply.header('X-Content-Type-Options', 'nosniff');
    });
    const documented = contexts.map((context) => documentedContext(context, options));
    servePage(app, '/asyncapi', asyncApiIndex(documented));
    serveText(app, '/asyncapi/style.css', 'text/css; charset=utf-8', asyncApiStyle);
    serveText(app, '/asyncapi/icon.svg', 'image/svg+xml', asyncApiIcon);
    for (const each of documented) {
      const folder = `/${each.context}-asyncapi`;
      servePage(app, folder, asyncApiPage(each, contexts));
      const json = JSON.stringify(each.document);
      serveText(app, `${folder}/asyncapi.json`, 'application/json; charset=utf-8', json);
    }
  };
}

function documentedContext(context: ContextName, options: AsyncApiOptions): DocumentedContext {
  const document = asyncApiDocument(context, options);
  // Swagger UI has a page for each of these beside ours.
  return { context, document, ...(context in restDocuments && { restPage: `/${context}-spec/` }) };
}

/** Serves the page of a folder; its other names lead there. */
function servePage(app: FastifyInstance, folder: string, page: string): void {
  serveText(app, `${folder}/`, 'text/html; charset=utf-8', page);
  for (const path of [folder, `${folder}/index.html`]) {
    app.get(path, async (_request, reply) => reply.redirect(`${folder}/`, 301));
  }
}

function serveText(app: FastifyInstance, path: string, contentType: string, text: string): void {
  app.get(path, async (_request, reply) =>
    reply.type(contentType).header('Cache-Control', 'no-cache').send(text),
  );
}
