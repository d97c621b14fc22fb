/** A document as the page lists it. */
export interface ListedDocument {
  readonly name: string;
  readonly url: string;
}

export interface PageOptions {
  readonly title: string;
  readonly documents: readonly ListedDocument[];
  /** Distinguishes the assets of one release from those of the next, which browsers may hold for long. */
  readonly assetVersion: string;
}

/**
 * A page that shows the documents, the first one at once. Names and addresses stand in the markup: as data
 * for the script, and as links for readers without one. No script is inline, since the policy forbids it.
 */
export function swaggerUiPage({ title, documents, assetVersion }: PageOptions): string {
  const asset = (name: string) => escaped(`/swagger-ui/${name}?v=${assetVersion}`);
  const links = documents.map(({ name, url }) => `<li><a href="${escaped(url)}">${escaped(name)}</a></li>`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escaped(title)}</title>
    <link rel="stylesheet" href="${asset('swagger-ui.css')}">
    <link rel="stylesheet" href="${asset('index.css')}">
    <link rel="stylesheet" href="/swagger-ui/mall.css">
    <link rel="icon" type="image/png" href="${asset('favicon-32x32.png')}" sizes="32x32">
    <link rel="icon" type="image/png" href="${asset('favicon-16x16.png')}" sizes="16x16">
  </head>
  <body>
    <div id="swagger-ui" data-documents="${escaped(JSON.stringify(documents))}"></div>
    <noscript>
      <ul>
        ${links.join('\n        ')}
      </ul>
    </noscript>
    <script src="${asset('swagger-ui-bundle.js')}"></script>
    <script src="${asset('swagger-ui-standalone-preset.js')}"></script>
    <script src="/swagger-ui/mall.js"></script>
  </body>
</html>
`;
}

/** Starts Swagger UI; a file of its own. Without `validatorUrl: null` it would ask a public host. */
export const swaggerUiScript = `const root = document.getElementById('swagger-ui');
SwaggerUIBundle({
  urls: JSON.parse(root.dataset.documents),
  domNode: root,
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  validatorUrl: null,
});
`;

/** Long names break instead of leaving a phone's screen; our documents have no links between operations. */
export const swaggerUiStyle = `.swagger-ui .json-schema-2020-12__title,
.swagger-ui .opblock-summary-path {
  overflow-wrap: anywhere;
  white-space: normal;
}
.swagger-ui .json-schema-2020-12-accordion {
  max-width: 100%;
  text-align: left;
}
.swagger-ui .response-col_links {
  display: none;
}
`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
