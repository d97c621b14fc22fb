import { type Html, html } from './html.ts';
import { duration, page, searchForm, serviceMark } from './trace-markup.ts';
import type { Waterfall } from './waterfall.ts';

/** What is shown in the list, and what it was asked for. */
export interface TraceListing {
  readonly service: string;
  readonly minMs: string;
  readonly failed: boolean;
  readonly services: readonly string[];
  readonly traces: readonly Waterfall[];
  /** Why there is nothing to show, if something stands in the way. */
  readonly problem?: string;
}

export function traceListPage(listing: TraceListing): string {
  const { traces, problem } = listing;
  const longest = Math.max(1, ...traces.map(({ durationMs }) => durationMs));
  return page(
    'Traces of the mall',
    html`<p><a href="/">The mall</a></p>
<h1>Traces</h1>
<p class="soft">What happened to recent requests, through every context and message.</p>
${searchForm('')}
${filters(listing)}
<main>
${problem === undefined ? html`<ul class="traces">${traces.map((trace) => row(trace, longest))}</ul>` : html`<p class="problem">${problem}.</p>`}
${problem === undefined && traces.length === 0 ? html`<p>There are no such traces yet: go shopping, and load this page again.</p>` : ''}
</main>`,
  );
}

function filters({ service, services, minMs, failed }: TraceListing): Html {
  return html`<form class="filters" method="get" action="/traces/">
<label>through <select name="service">${services.map(
    (each) => html`<option${each === service ? html` selected` : ''}>${each}</option>`,
  )}</select></label>
<label>at least <input name="minMs" value="${minMs}" inputmode="numeric" size="5"> ms</label>
<label><input type="checkbox" name="failed" value="yes"${failed ? html` checked` : ''}> failed only</label>
<button>Show</button>
</form>`;
}

function row(trace: Waterfall, longest: number): Html {
  const width = Math.max(4, (trace.durationMs / longest) * 1000).toFixed(0);
  const order = trace.orders.length === 0 ? '' : html` · order ${trace.orders[0] ?? ''}`;
  return html`<li><a href="/traces/${trace.traceId}">
<span class="what">${trace.failed ? html`<b class="failed">failed</b> ` : ''}${trace.title}</span>
<span class="time">${duration(trace.durationMs)}</span>
<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true"><rect class="work" width="${width}" height="8"/></svg>
<span class="soft facts"><time datetime="${trace.startedAt}">${trace.startedAt.slice(11, 23)}</time> · ${String(trace.spans)} spans${order}</span>
<span class="marks">${trace.services.map(serviceMark)}</span>
</a></li>`;
}
