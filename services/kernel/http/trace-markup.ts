import { contextNames } from '../../../proto/contexts.ts';
import { type Html, html } from './html.ts';
import { htmlPage } from './html-page.ts';

/** Who has a colour of its own, by name, so that a context has the same one on every page. */
const coloured: readonly string[] = ['gateway', ...contextNames];

/** The class that colours what belongs to a service. */
export function serviceClass(service: string): string {
  return coloured.includes(service) ? `s-${service}` : 's-other';
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

export function page(title: string, body: Html): string {
  return htmlPage({ title, assets: '/traces/', body });
}
