import type { ContextName } from '../../../proto/contexts.ts';
import { pageStyle } from './page-style.ts';

interface Colour {
  readonly light: string;
  readonly dark: string;
}

/** The colour of each service, the same on every page; readable as text on light and on dark. */
const colours: Readonly<Record<ContextName | 'gateway', Colour>> = {
  gateway: { light: '#4a5568', dark: '#a0aec0' },
  baskets: { light: '#0b7285', dark: '#3bc9db' },
  cosec: { light: '#7048b6', dark: '#b197fc' },
  customers: { light: '#b0417b', dark: '#f783ac' },
  depot: { light: '#946200', dark: '#e9b44c' },
  notifications: { light: '#5c6f2b', dark: '#b5cc6a' },
  ordering: { light: '#1b6ec2', dark: '#74b9ff' },
  payments: { light: '#2b8a3e', dark: '#69db7c' },
  search: { light: '#c2410c', dark: '#ffa56b' },
  stores: { light: '#9c36b5', dark: '#e599f7' },
};

const coloursOf = (scheme: 'light' | 'dark') =>
  Object.entries(colours)
    .map(([name, { [scheme]: colour }]) => `  --${name}: ${colour};`)
    .join('\n');
const colourClasses = Object.keys(colours)
  .map((name) => `.s-${name} { --service: var(--${name}); }`)
  .join('\n');

/** The look of these pages, over what all pages have in common. */
export const traceStyle = `${pageStyle}:root {
  --failed: #b3261e;
  --wait: #c9ced8;
${coloursOf('light')}
}
@media (prefers-color-scheme: dark) {
  :root {
    --failed: #ff8a80;
    --wait: #465064;
${coloursOf('dark')}
  }
}
body {
  max-width: 80rem;
}
h2 {
  margin: 2rem 0 0.25rem;
  font-size: 1.15rem;
}
.failed {
  color: var(--failed);
}
.problem {
  margin: 1.5rem 0;
  padding: 0.75rem 1rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: var(--card);
}
form {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.5rem 1rem;
  margin: 0.75rem 0;
}
input,
select,
button {
  min-height: 2.25rem;
  padding: 0.25rem 0.6rem;
  border: 1px solid var(--line);
  border-radius: 0.4rem;
  background: var(--card);
  color: inherit;
  font: inherit;
}
input[type="checkbox"] {
  min-height: 0;
}
.search input {
  flex: 1 1 16rem;
  max-width: 34rem;
}
button {
  cursor: pointer;
}
.traces,
.steps {
  margin: 0.5rem 0;
  padding: 0;
  list-style: none;
}
.traces a {
  display: grid;
  grid-template-columns: 1fr auto;
  gap: 0.15rem 1rem;
  padding: 0.6rem 0.25rem;
  border-top: 1px solid var(--line);
  color: inherit;
  text-decoration: none;
}
.traces a:hover,
summary:hover {
  background: var(--card);
}
.traces .what {
  font-weight: 600;
}
.traces .bar,
.traces .marks {
  grid-column: 1 / -1;
}
.traces .facts {
  grid-column: 1 / -1;
  font-size: 0.875rem;
}
.time {
  font-variant-numeric: tabular-nums;
  white-space: nowrap;
  text-align: right;
}
.marks {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 0.75rem;
  font-size: 0.875rem;
}
.mark {
  color: var(--service, var(--ink));
  font-weight: 600;
  white-space: nowrap;
}
.mark::before {
  content: "";
  display: inline-block;
  width: 0.6em;
  height: 0.6em;
  margin-right: 0.35em;
  border-radius: 0.15em;
  background: currentColor;
}
${colourClasses}
.s-other { --service: var(--soft); }
.bar {
  width: 100%;
  height: 0.6rem;
  display: block;
}
.bar .work {
  fill: var(--service, var(--link));
}
.bar .travel {
  fill: var(--service, var(--link));
  opacity: 0.35;
}
.bar .wait {
  fill: var(--wait);
}
.legend {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.25rem 1rem;
  font-size: 0.875rem;
  color: var(--soft);
}
.legend span {
  white-space: nowrap;
}
.key {
  display: inline-block;
  width: 1.25rem;
  height: 0.6rem;
  margin-right: 0.35rem;
  border-radius: 0.15rem;
  background: var(--link);
}
.key.travel {
  opacity: 0.35;
}
.key.wait {
  background: var(--wait);
}
.hops {
  margin: 0.5rem 0;
  border-bottom: 1px solid var(--line);
}
.hop {
  border-top: 1px solid var(--line);
}
summary {
  display: grid;
  grid-template-columns: minmax(16rem, 30rem) 1fr 5rem;
  align-items: center;
  gap: 0.1rem 1rem;
  padding: 0.3rem 0.25rem;
  cursor: pointer;
  list-style: none;
}
summary::-webkit-details-marker {
  display: none;
}
.error {
  grid-column: 1 / -1;
  font-size: 0.875rem;
}
.d1 .who { padding-left: 1rem; }
.d2 .who { padding-left: 2rem; }
.d3 .who { padding-left: 3rem; }
.d4 .who { padding-left: 4rem; }
details > p,
details > dl,
details > .steps {
  margin: 0.25rem 0 0.75rem;
  padding: 0 0.25rem 0 1rem;
  border-left: 3px solid var(--service);
  font-size: 0.875rem;
}
.steps li {
  display: grid;
  grid-template-columns: minmax(15rem, 29rem) 1fr 5rem;
  align-items: center;
  gap: 0.1rem 1rem;
  padding: 0.1rem 0;
}
@media (max-width: 45rem) {
  summary,
  .steps li {
    grid-template-columns: 1fr auto;
  }
  summary .bar,
  .steps .bar {
    grid-column: 1 / -1;
    grid-row: 2;
  }
}
`;

/** Steps of a waterfall. */
export const traceIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect x="1" y="2" width="7" height="3" rx="1" fill="#1b6ec2"/>
<rect x="5" y="6.5" width="6" height="3" rx="1" fill="#2b8a3e"/>
<rect x="8" y="11" width="7" height="3" rx="1" fill="#7048b6"/>
</svg>
`;
