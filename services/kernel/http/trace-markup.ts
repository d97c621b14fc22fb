import { type Html, html } from './asyncapi-html.ts';

/** Colours are given by name, so that a context has the same one on every page. */
const coloured = [
  'gateway',
  'baskets',
  'cosec',
  'customers',
  'depot',
  'notifications',
  'ordering',
  'payments',
  'search',
  'stores',
];

/** The class that colours what belongs to a service. */
export function serviceClass(service: string): string {
  const index = coloured.indexOf(service);
  return index === -1 ? 's-other' : `s-${coloured[index]}`;
}

export function serviceMark(service: string): Html {
  return html`<span class="mark ${serviceClass(service)}">${service}</span>`;
}

export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function searchForm(id: string): Html {
  return html`<form class="search" method="get" action="/traces/" role="search">
<input name="id" value="${id}" aria-label="Id of an order or a trace" placeholder="Id of an order or a trace" autocomplete="off" spellcheck="false">
<button>Find</button>
</form>`;
}

export function page(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/traces/style.css">
<link rel="icon" href="/traces/icon.svg" type="image/svg+xml">
</head>
<body>
${content}
</body>
</html>
`.text;
}
