import { type Html, html } from './html.ts';

/** A whole page whose style and icon lie below an address such as `/traces/`. */
export function htmlPage(page: {
  readonly title: string;
  readonly assets: string;
  readonly body: Html;
}): string {
  const { title, assets, body } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${assets}style.css">
<link rel="icon" href="${assets}icon.svg" type="image/svg+xml">
</head>
<body>
${body}
</body>
</html>
`.text;
}
