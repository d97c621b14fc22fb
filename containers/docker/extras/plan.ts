import { planCollector } from './collector.ts';
import { type ExtraName, type ExtraPlan, extraNames, extraTitles, type PlanOptions } from './extra.ts';
import { planGrafana } from './grafana.ts';
import { planJaeger } from './jaeger.ts';
import { planPrometheus } from './prometheus.ts';

export interface LeftOut {
  readonly name: ExtraName;
  readonly why: string;
}

/** What an extra is of no use without. */
const needs: Readonly<Partial<Record<ExtraName, ExtraName>>> = { grafana: 'prometheus', collector: 'jaeger' };

/** Which extras are to be started, and which cannot be or make no sense. */
export function planExtras(options: PlanOptions): {
  readonly plans: readonly ExtraPlan[];
  readonly leftOut: readonly LeftOut[];
} {
  const plans: ExtraPlan[] = [];
  const leftOut: LeftOut[] = [];
  for (const name of extraNames.filter((each) => options.available.has(each))) {
    const needed = needs[name];
    const plan = needed === undefined || options.available.has(needed) ? planOne(name, options) : undefined;
    if (plan !== undefined) plans.push(plan);
    else if (options.placement === undefined) {
      leftOut.push({ name, why: 'containers of a rootless engine cannot reach the mall' });
    } else leftOut.push({ name, why: `it is of no use without ${extraTitles[needed ?? name]}` });
  }
  return { plans, leftOut };
}

function planOne(name: ExtraName, { placement, ...options }: PlanOptions): ExtraPlan | undefined {
  if (name === 'jaeger') return planJaeger({ placement, ...options });
  if (placement === undefined) return undefined;
  const placed = { placement, ...options };
  if (name === 'prometheus') return planPrometheus(placed);
  return name === 'grafana' ? planGrafana(placed) : planCollector(placed);
}
