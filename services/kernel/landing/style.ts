/** The look of the page: light or dark as the reader's system is, one column on a phone, two on a desk. */
export const landingStyle = `:root {
  color-scheme: light dark;
  --ink: #1c2330; --soft: #566072; --line: #d9dee7; --ground: #f4f6fa; --card: #ffffff; --link: #0b5cad;
  --good: #1b6e3c; --bad: #b3261e; --pending: #8a5a00; --approved: #0b5cad; --ready: #6b3fa0; --completed: #1b6e3c;
  --rejected: #b3261e; --cancelled: #566072;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6eaf1; --soft: #a3adbd; --line: #303947; --ground: #10141b; --card: #181e27; --link: #7cb8ff;
    --good: #7fd8a0; --bad: #ff9d94; --pending: #f0bd74; --approved: #7cb8ff; --ready: #c7a6ff; --completed: #7fd8a0;
    --rejected: #ff9d94; --cancelled: #a3adbd;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 3rem;
  background: var(--ground); color: var(--ink); font: 1rem/1.45 system-ui, sans-serif;
}
a { color: var(--link); }
h1 { margin: 0; font-size: 1.9rem; letter-spacing: -0.02em; line-height: 1.1; }
h2 { margin: 0; font-size: 1.05rem; }
p { margin: 0.2rem 0 0; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
header { display: flex; align-items: center; justify-content: space-between; gap: 1rem; }
.pill {
  display: inline-block; margin: 0; padding: 0.05rem 0.6rem; border: 1px solid currentcolor; border-radius: 1rem;
  color: var(--soft); font-size: 0.82rem; font-weight: 600; white-space: nowrap;
}
.good { color: var(--good); }
.bad.pill, .problem { color: var(--bad); }
nav { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 0.75rem; margin: 1.25rem 0; }
nav a, section { border: 1px solid var(--line); border-radius: 0.7rem; background: var(--card); }
nav a { display: block; padding: 0.8rem 1rem; text-decoration: none; }
nav a:hover, nav a:focus-visible { border-color: var(--link); }
nav span { display: block; color: var(--soft); font-size: 0.88rem; }
main { display: grid; grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr); gap: 0.75rem; align-items: start; }
section { padding: 1rem 1.1rem; }
.title { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; }
.live::before {
  content: ""; display: inline-block; width: 0.55rem; height: 0.55rem; margin-right: 0.4rem;
  border-radius: 50%; background: var(--good);
}
#counts { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 0.5rem; margin: 0.9rem 0; }
#counts div { padding: 0.4rem 0.6rem; border-left: 3px solid var(--state, var(--line)); background: var(--ground); }
#counts dt { color: var(--soft); font-size: 0.78rem; }
#counts dd { margin: 0; font-size: 1.3rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.pending { --state: var(--pending); } .approved { --state: var(--approved); } .ready { --state: var(--ready); }
.completed { --state: var(--completed); } .rejected { --state: var(--rejected); } .cancelled { --state: var(--cancelled); }
.pill[class*=" "]:not(.good, .bad) { color: var(--state, var(--soft)); }
#orders, #contexts { margin: 0; padding: 0; list-style: none; }
#orders li {
  display: grid; grid-template-columns: 8.5rem 7rem minmax(0, 1fr) auto; gap: 0.25rem 0.9rem; align-items: center;
  padding: 0.4rem 0; border-top: 1px solid var(--line); font-size: 0.92rem;
}
#orders .id { font: 0.86rem ui-monospace, monospace; text-decoration: none; }
.way { display: grid; grid-template-columns: repeat(4, 1fr); gap: 0.2rem; }
.way i { height: 0.4rem; border-radius: 0.2rem; background: var(--line); }
.way .done { background: var(--completed); }
.way .undone { background: var(--rejected); opacity: 0.45; }
.doing { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#contexts { margin-top: 0.6rem; }
#contexts li { padding: 0.5rem 0; border-top: 1px solid var(--line); }
#contexts div { display: flex; justify-content: space-between; gap: 1rem; }
#contexts b::before {
  content: ""; display: inline-block; width: 0.55rem; height: 0.55rem; margin-right: 0.5rem;
  border-radius: 50%; background: var(--good);
}
#contexts .bad b::before { background: var(--bad); }
#contexts .away b::before { background: var(--soft); }
#contexts .soft, .problem { display: block; font-size: 0.88rem; }
.links { display: flex; gap: 0.75rem; font-size: 0.88rem; }
@media (max-width: 52rem) {
  main { grid-template-columns: minmax(0, 1fr); }
  #counts { grid-template-columns: repeat(3, minmax(0, 1fr)); }
}
@media (max-width: 34rem) {
  nav { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0.5rem; }
  #orders li { grid-template-columns: minmax(0, 1fr) 8.5rem; }
  #orders .pill { grid-column: 2; grid-row: 1; justify-self: end; }
  .way { grid-row: 2; }
  .doing { text-align: right; }
}
`;

export const landingIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<rect width="16" height="16" rx="3" fill="#0b5cad"/>
<path d="M4 6h8l-.8 7H4.8zM6 6V5a2 2 0 0 1 4 0v1" fill="none" stroke="#fff" stroke-width="1.3" stroke-linejoin="round"/>
</svg>
`;
