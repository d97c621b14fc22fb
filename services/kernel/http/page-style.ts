/** What pages that people read have in common: light or dark as the reader's system is, one column on a phone. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --ink: #1c2330;
  --soft: #566072;
  --line: #d9dee7;
  --ground: #fbfcfe;
  --card: #ffffff;
  --link: #0b5cad;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6eaf1;
    --soft: #a3adbd;
    --line: #333c4b;
    --ground: #12161d;
    --card: #1a2029;
    --link: #7cb8ff;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0 auto;
  padding: 1.25rem 1rem 4rem;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
a {
  color: var(--link);
}
code {
  font: 0.92em ui-monospace, monospace;
}
h1 {
  margin: 0.5rem 0;
  font-size: 1.75rem;
  line-height: 1.2;
}
p {
  margin: 0.25rem 0;
}
.soft,
dt {
  color: var(--soft);
}
dl {
  display: grid;
  grid-template-columns: max-content 1fr;
  gap: 0.125rem 1rem;
}
dd {
  margin: 0;
}
@media (max-width: 45rem) {
  dl {
    grid-template-columns: 1fr;
  }
  dd {
    margin-bottom: 0.35rem;
  }
}
`;
