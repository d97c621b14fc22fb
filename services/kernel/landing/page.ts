import type { ContextName } from '../../../proto/catalogue.ts';

export interface LandingFacts {
  readonly contexts: readonly ContextName[];
  /** Those with a REST interface. */
  readonly restContexts: readonly string[];
  /** Whether somebody keeps traces. */
  readonly traces: boolean;
  readonly grpcAddress: string;
}

/** What each context is for, in a few words. */
const purposes: Readonly<Record<ContextName, string>> = {
  baskets: 'What a customer wants to buy, up to the checkout',
  cosec: 'Leads each order through customer, depot and payment',
  customers: 'Who may shop, and how to reach them',
  depot: 'Collects orders: shopping lists and bots',
  notifications: 'Tells customers how their orders are doing',
  ordering: 'Orders, from pending to completed',
  payments: 'Authorized payments and invoices',
  search: 'Finds orders by customer, store, product, state',
  stores: 'Stores and what they sell',
};

const links = [
  ['/swagger-ui/', 'REST', 'Swagger UI: read and try every call'],
  ['/asyncapi/', 'Messages', 'AsyncAPI: what the contexts tell each other'],
  ['/traces/', 'Traces', "Each order's way through all of them"],
  ['/metrics', 'Metrics', 'Prometheus text'],
] as const;

/** The mall's first page. Everything that moves on it is the script's; without one the links still lead on. */
export function landingPage(facts: LandingFacts): string {
  const shown = links.filter(([path]) => path !== '/traces/' || facts.traces);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mall</title>
<link rel="stylesheet" href="/landing/style.css">
<link rel="icon" type="image/svg+xml" href="/landing/icon.svg">
</head>
<body>
<header>
  <div>
    <h1>mall</h1>
    <p class="soft">An event-driven shopping mall: ${facts.contexts.length} contexts over gRPC, REST and messages.</p>
  </div>
  <p id="health" class="pill" role="status">asking …</p>
</header>
<nav>
${shown.map(([path, name, is]) => `<a href="${path}"><b>${name}</b><span>${is}</span></a>`).join('\n')}
</nav>
<main>
<section class="orders">
  <div class="title"><h2>Orders on their way</h2><p id="feed" class="soft" role="status">connecting …</p></div>
  <dl id="counts">
    ${counted.map(([state, label]) => `<div class="${state}"><dt>${label}</dt><dd data-count="${state}">0</dd></div>`).join('\n    ')}
  </dl>
  <ol id="orders" aria-label="The latest orders"${facts.traces ? ' data-traces="kept"' : ''}></ol>
  <p id="quiet" class="soft">Nothing moves yet. <code>mall busywork --clients=10</code> sends shoppers through the mall.</p>
</section>
<section>
  <h2>What runs</h2>
  <ul id="contexts">
${facts.contexts.map((context) => contextItem(context, facts)).join('\n')}
  </ul>
  <p class="soft">gRPC at <code>${facts.grpcAddress}</code>, with health and reflection.</p>
</section>
</main>
<script src="/landing/script.js"></script>
</body>
</html>
`;
}

/** States in the order in which an order goes through them, then the other ends. */
const counted = [
  ['pending', 'pending'],
  ['approved', 'approved'],
  ['ready', 'ready'],
  ['completed', 'completed'],
  ['rejected', 'rejected'],
  ['cancelled', 'cancelled'],
] as const;

function contextItem(context: ContextName, { restContexts }: LandingFacts): string {
  const rest = restContexts.includes(context) ? `<a href="/${context}-spec/">REST</a> ` : '';
  return `    <li data-context="${context}">
      <div><b>${context}</b><span class="links">${rest}<a href="/${context}-asyncapi/">messages</a></span></div>
      <span class="soft">${purposes[context]}</span>
      <span class="problem" hidden></span>
    </li>`;
}
