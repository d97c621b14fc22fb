import { pageStyle } from './page-style.ts';

/** The look of these pages, over what all pages have in common. */
export const asyncApiStyle = `${pageStyle}:root {
  --send: #1b6e3c;
  --receive: #7a4a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --send: #7fd8a0;
    --receive: #f0bd74;
  }
}
body {
  max-width: 64rem;
}
h2 {
  margin: 2.5rem 0 0.25rem;
  padding-top: 1.25rem;
  border-top: 1px solid var(--line);
  font-size: 1.25rem;
}
h2.plain {
  margin: 0;
  padding: 0;
  border: 0;
}
h3 {
  margin: 0;
  font-size: 1rem;
}
th {
  color: var(--soft);
}
.links,
.contents {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.25rem;
  margin: 0.75rem 0;
  padding: 0;
  list-style: none;
}
.tag {
  display: inline-block;
  margin-right: 0.5rem;
  padding: 0 0.5rem;
  border: 1px solid currentcolor;
  border-radius: 1rem;
  font-size: 0.8rem;
  font-weight: 600;
}
.send {
  color: var(--send);
}
.receive {
  color: var(--receive);
}
.card {
  margin: 1rem 0;
  padding: 1rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: var(--card);
}
.card:target {
  border-color: var(--link);
}
dl {
  margin: 0.5rem 0;
  font-size: 0.9rem;
}
dl.stacked {
  grid-template-columns: 1fr;
}
dl.stacked dd {
  margin-bottom: 0.5rem;
}
table {
  width: 100%;
  margin-top: 0.75rem;
  border-collapse: collapse;
  font-size: 0.9rem;
}
th,
td {
  padding: 0.3rem 1rem 0.3rem 0;
  border-top: 1px solid var(--line);
  text-align: left;
  vertical-align: top;
}
th {
  border-top: 0;
  font-weight: 600;
}
td:first-child {
  width: 30%;
}
td:nth-child(2) {
  width: 22%;
  color: var(--soft);
}
@media (max-width: 40rem) {
  thead {
    position: absolute;
    clip-path: inset(50%);
  }
  tr {
    display: block;
    padding: 0.4rem 0;
    border-top: 1px solid var(--line);
  }
  td {
    display: block;
    padding: 0;
    border: 0;
  }
  td:first-child,
  td:nth-child(2) {
    width: auto;
  }
  td:empty {
    display: none;
  }
}
`;

/** Three messages on their way. Without an icon of the page browsers ask for one that is not there. */
export const asyncApiIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect width="16" height="16" rx="3" fill="#0b5cad"/>
<path d="M3 5h7M3 8h10M3 11h5" stroke="#fff" stroke-width="1.6" stroke-linecap="round"/>
</svg>
`;
