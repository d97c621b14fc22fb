import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** A query of a dashboard or an alert rule, and where it stands. */
export interface Query {
  readonly where: string;
  readonly expr: string;
}

/** A metric that a query asks for, with the labels by which it picks series. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  panels: z.array(
    z.object({
      title: z.string(),
      targets: z.array(z.object({ expr: z.string() })).default([]),
    }),
  ),
});
const rules = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) })),
});

export type Dashboard = z.output<typeof dashboard>;

const dashboardsFolder = new URL('../dashboards/', import.meta.url);
const rulesFolder = new URL('../../prometheus/', import.meta.url);

export function dashboards(): Dashboard[] {
  return filesIn(dashboardsFolder, '.json').map((text) => dashboard.parse(JSON.parse(text)));
}

export function dashboardQueries({ title, panels }: Dashboard): Query[] {
  return panels.flatMap((panel) =>
    panel.targets.map(({ expr }) => ({ where: `${title}: ${panel.title}`, expr })),
  );
}

export function ruleQueries(): Query[] {
  return filesIn(rulesFolder, '.rules.yml')
    .flatMap((text) => rules.parse(parse(text)).groups)
    .flatMap((group) => group.rules)
    .map(({ alert, expr }) => ({ where: `alert ${alert}`, expr }));
}

function filesIn(folder: URL, ending: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => readFileSync(new URL(name, folder), 'utf8'));
}

const words = new Set(['by', 'without', 'and', 'or', 'unless', 'on', 'ignoring', 'bool', 'offset']);

/** The metrics a PromQL query asks for: names that are no functions, keywords or labels to group by. */
export function selectorsOf(query: string): Selector[] {
  const expr = query
    .replaceAll(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ');
  const selectors: Selector[] = [];
  for (const [, metric = '', matchers = ''] of expr.matchAll(
    /(?<![\w:"])([a-zA-Z_:][\w:]*)\b(?!\s*\()\s*(\{[^}]*\})?/g,
  )) {
    if (words.has(metric)) continue;
    const labels = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label);
    selectors.push({ metric, labels });
  }
  return selectors;
}

/** What Prometheus would have of a text: each series' name with the labels it is seen with. */
export function seriesIn(text: string): Map<string, Set<string>> {
  const series = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [, name, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s/.exec(line) ?? [];
    if (name === undefined) continue;
    const known = series.get(name) ?? new Set<string>();
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label);
    series.set(name, known);
  }
  return series;
}
