/**
 * What moves on the page: health every few seconds, orders as they are told. It keeps the latest orders only, and
 * writes what it is told as text, never as markup.
 */
export const landingScript = `'use strict';
const MOST_ORDERS = 24;
const HEALTH_MS = 4000;
const WAY = ['pending', 'approved', 'ready', 'completed'];
const byId = (id) => document.getElementById(id);
const traces = byId('orders').dataset.traces === 'kept';
const orders = new Map();
const counts = new Map();

async function askHealth() {
  const health = byId('health');
  try {
    const answer = await fetch('/readiness', { cache: 'no-store', signal: AbortSignal.timeout(HEALTH_MS) });
    const { ready, checks } = await answer.json();
    health.textContent = ready ? 'ready' : 'not ready';
    health.className = ready ? 'pill good' : 'pill bad';
    showProblems(checks);
  } catch {
    health.textContent = 'no answer';
    health.className = 'pill bad';
    // How they are nobody knows.
    for (const item of document.querySelectorAll('[data-context]')) item.classList.add('away');
  }
}

function showProblems(checks) {
  const problems = Object.entries(checks).filter(([, said]) => said !== 'ok');
  for (const item of document.querySelectorAll('[data-context]')) {
    const mine = problems.filter(([name]) => name.split(' ')[0] === item.dataset.context);
    const text = item.querySelector('.problem');
    text.textContent = mine.map(([name, said]) => name + ': ' + said).join('; ');
    text.hidden = mine.length === 0;
    item.classList.toggle('bad', mine.length > 0);
    item.classList.remove('away');
  }
}

function take({ id, at, state, step }) {
  const known = orders.get(id) ?? { row: newRow(id) };
  if (state !== undefined && state !== known.state) {
    if (known.state !== undefined) count(known.state, -1);
    count(state, 1);
    known.state = state;
    known.step = undefined;
  }
  if (step !== undefined) known.step = step;
  known.at = at;
  orders.delete(id);
  orders.set(id, known);
  draw(known);
}

function count(state, by) {
  counts.set(state, Math.max(0, (counts.get(state) ?? 0) + by));
}

function newRow(id) {
  const row = document.createElement('li');
  // Where nobody keeps traces a link would lead to a page that says so.
  const name = document.createElement(traces ? 'a' : 'span');
  if (traces) name.href = '/traces/' + encodeURIComponent(id);
  name.className = 'id';
  name.textContent = id.length > 13 ? id.slice(0, 13) + '…' : id;
  name.title = id;
  const way = document.createElement('span');
  way.className = 'way';
  for (const state of WAY) {
    const step = document.createElement('i');
    step.title = state;
    way.append(step);
  }
  const doing = document.createElement('span');
  doing.className = 'doing soft';
  const pill = document.createElement('span');
  pill.className = 'pill';
  row.append(name, way, doing, pill);
  return row;
}

function draw({ row, state, step, at }) {
  const [, way, doing, pill] = row.children;
  const reached = WAY.indexOf(state);
  const undone = state === 'rejected' || state === 'cancelled';
  [...way.children].forEach((each, index) => {
    each.className = undone ? 'undone' : index <= reached ? 'done' : '';
  });
  const ended = undone || state === 'completed';
  doing.textContent = step === undefined || ended ? new Date(at).toLocaleTimeString() : step;
  pill.textContent = state ?? 'on its way';
  pill.className = 'pill ' + (state ?? '');
}

/** The latest first; rows beyond those that are shown are let go, and keep their place in the counts. */
function show() {
  const latest = [...orders].slice(-MOST_ORDERS).reverse();
  byId('orders').replaceChildren(...latest.map(([, { row }]) => row));
  for (const [id] of [...orders].slice(0, -MOST_ORDERS * 20)) orders.delete(id);
  for (const each of document.querySelectorAll('[data-count]')) {
    each.textContent = String(counts.get(each.dataset.count) ?? 0);
  }
  byId('quiet').hidden = orders.size > 0;
}

function listen() {
  const feed = byId('feed');
  const source = new EventSource('/landing/orders');
  source.onopen = () => {
    feed.textContent = 'live';
    feed.className = 'live';
  };
  source.onerror = () => {
    feed.textContent = 'away, trying again …';
    feed.className = 'soft';
    // A browser gives up on an answer that is no stream; the mall may be back later.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, HEALTH_MS);
  };
  source.addEventListener('orders', ({ data }) => {
    const { changes, missed } = JSON.parse(data);
    changes.forEach(take);
    feed.textContent = missed > 0 ? 'live, ' + missed + ' more changes just now' : 'live';
    show();
  });
}

askHealth();
setInterval(askHealth, HEALTH_MS);
listen();
`;
