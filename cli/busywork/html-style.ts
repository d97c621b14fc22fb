/** The look of a report: light or dark as the reader's system is, and as wide as a phone or a desk. */
export const htmlStyle = `
:root {
  color-scheme: light dark;
  --ink: #1c2330; --soft: #566072; --line: #d9dee7; --ground: #f6f8fb; --card: #ffffff;
  --good: #1b6e3c; --bad: #b3261e; --c1: #0b5cad; --c2: #b25c00; --c3: #b3261e; --c4: #1b6e3c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6eaf1; --soft: #a3adbd; --line: #333c4b; --ground: #12161d; --card: #1a2029;
    --good: #7fd8a0; --bad: #ff9d94; --c1: #7cb8ff; --c2: #f0bd74; --c3: #ff9d94; --c4: #7fd8a0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem;
  background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 0 0 0.5rem; font-size: 1.05rem; }
p { margin: 0.25rem 0; }
.soft { color: var(--soft); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.75rem; margin: 1.25rem 0; }
.figure, section { border: 1px solid var(--line); border-radius: 0.6rem; background: var(--card); padding: 0.9rem 1rem; }
.figure b { display: block; font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0.75rem; }
section { margin-top: 0.75rem; overflow-x: auto; }
.charts section { margin-top: 0; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font: 16px system-ui, sans-serif; }
.grid { stroke: var(--line); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.dot { stroke-width: 6; }
.c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); } .c3 { stroke: var(--c3); } .c4 { stroke: var(--c4); }
.legend { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: 0.85rem; color: var(--soft); }
.legend span::before { content: ""; display: inline-block; width: 0.8rem; height: 0.2rem; margin: 0 0.35rem 0.2rem 0; background: var(--key); }
.k1 { --key: var(--c1); } .k2 { --key: var(--c2); } .k3 { --key: var(--c3); } .k4 { --key: var(--c4); }
table { width: 100%; border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.6rem; border-top: 1px solid var(--line); text-align: right; white-space: nowrap; }
th { border-top: 0; color: var(--soft); font-weight: 600; }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
/* A chart is scaled with its numbers: to half its size on a phone. */
@media (max-width: 40rem) { svg { overflow: visible; } svg text { font-size: 25px; } }
@media (max-width: 30rem) {
  section { padding: 0.8rem 0.7rem; }
  th, td { padding: 0.3rem 0 0.3rem 0.4rem; font-size: 0.78rem; overflow-wrap: anywhere; white-space: normal; }
  th { vertical-align: bottom; overflow-wrap: normal; font-size: 0.7rem; }
}
`;
