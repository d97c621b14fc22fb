import { type Html, html } from './html.ts';
import { duration, page, searchForm, serviceClass, serviceMark } from './trace-markup.ts';
import type { Hop, Step, Waterfall } from './waterfall.ts';

/** All traces of an order, or one trace by its id, each as a waterfall; without a script. */
export function tracePage(id: string, traces: readonly Waterfall[]): string {
  const [first] = traces;
  const isTrace = traces.length === 1 && first?.traceId === id.toLowerCase();
  return page(
    isTrace ? `Trace ${id}` : `Order ${id}`,
    html`<p><a href="/traces/">All traces</a></p>
<h1>${isTrace ? (first?.title ?? '') : html`Order <code>${id}</code>`}</h1>
${searchForm('')}
<p class="legend"><span><i class="key wait"></i>in the outbox</span><span><i class="key travel"></i>to the handler</span><span><i class="key work"></i>at work</span></p>
<main>
${traces.map(traceSection)}
</main>`,
  );
}

export function noTracePage(id: string, problem: string | undefined): string {
  const why =
    problem ??
    'it is older than what is kept, it was not recorded (a share of requests is, see the setting tracing), or there is no such id';
  return page(
    'No trace',
    html`<p><a href="/traces/">All traces</a></p>
<h1>There is no trace of <code>${id}</code></h1>
${searchForm(id)}
<main><p class="problem">${why}.</p></main>`,
  );
}

function traceSection(trace: Waterfall): Html {
  const { traceId, title, startedAt, durationMs, spans, services, orders, hops } = trace;
  return html`<section>
<h2>${trace.failed ? html`<b class="failed">failed</b> ` : ''}${title} <span class="soft">${duration(durationMs)}</span></h2>
<p class="soft"><time datetime="${startedAt}">${startedAt.replace('T', ' ').slice(0, 23)} UTC</time> · ${String(spans)} spans · trace <a href="/traces/${traceId}"><code>${traceId}</code></a>${orders.map((order) => html` · order <a href="/traces/${order}"><code>${order}</code></a>`)}</p>
<p class="marks">${services.map(serviceMark)}</p>
<div class="hops">${hops.map((hop) => hopRow(hop, durationMs))}</div>
</section>`;
}

function hopRow(hop: Hop, totalMs: number): Html {
  const { service, name, depth, durationMs, error, startMs } = hop;
  return html`<details class="hop d${String(Math.min(depth, 4))} ${serviceClass(service)}">
<summary>
<span class="who"><span class="mark ${serviceClass(service)}">${service}</span> <span class="name">${name}</span>${hop.saga === undefined ? '' : html` <span class="soft">→ ${hop.saga}</span>`}</span>
${bar(hop, totalMs)}
<span class="time">${duration(durationMs)}</span>
${error === undefined ? '' : html`<span class="failed error">${error}</span>`}
</summary>
<p class="soft">begins ${duration(startMs)} after the first span${waits(hop)}</p>
${hop.steps.length === 0 ? '' : html`<ol class="steps">${hop.steps.map((step) => stepRow(step, totalMs))}</ol>`}
${attributeList(hop.attributes)}
</details>`;
}

function waits({ journey, startMs }: Hop): string {
  if (journey?.sentMs === undefined || journey.acknowledgedMs === undefined) return '';
  const { createdMs, sentMs, acknowledgedMs } = journey;
  return (
    `; its message was ${duration(sentMs - createdMs)} in the outbox, acknowledged by the broker ` +
    `${duration(acknowledgedMs - sentMs)} later, and ${duration(Math.max(0, startMs - sentMs))} on its way`
  );
}

/** Widths are of a thousand; what is too short to see is drawn all the same. */
function bar({ startMs, durationMs, journey }: Hop, totalMs: number): Html {
  const at = (ms: number) => (Math.max(0, ms / Math.max(totalMs, 0.001)) * 1000).toFixed(1);
  const piece = (kind: string, fromMs: number, toMs: number) =>
    html`<rect class="${kind}" x="${at(fromMs)}" width="${String(Math.max(3, Number(at(toMs)) - Number(at(fromMs))))}" height="10"/>`;
  const sentMs = journey?.sentMs;
  return html`<svg class="bar" viewBox="0 0 1003 10" preserveAspectRatio="none" aria-hidden="true">
${journey === undefined ? '' : piece('wait', journey.createdMs, sentMs ?? startMs)}
${sentMs === undefined ? '' : piece('travel', sentMs, startMs)}
${piece('work', startMs, startMs + durationMs)}
</svg>`;
}

function stepRow({ service, name, startMs, durationMs, error }: Step, totalMs: number): Html {
  const shape = { startMs, durationMs, journey: undefined };
  const hop = {
    ...shape,
    spanId: '',
    service,
    name,
    depth: 0,
    error,
    saga: undefined,
    attributes: {},
    steps: [],
  };
  return html`<li class="${serviceClass(service)}"><span class="name">${name}</span>${bar(hop, totalMs)}<span class="time">${duration(durationMs)}</span>${error === undefined ? '' : html`<span class="failed error">${error}</span>`}</li>`;
}

function attributeList(attributes: Hop['attributes']): Html {
  return html`<dl>${Object.entries(attributes).map(
    ([key, value]) => html`<dt>${key}</dt><dd>${String(value)}</dd>`,
  )}</dl>`;
}
