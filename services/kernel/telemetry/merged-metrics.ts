/** What one process says of itself, in Prometheus' text format. */
export interface ServiceMetrics {
  readonly service: string;
  readonly text: string;
}

interface Family {
  /** HELP and TYPE, as the first process that has the metric tells them. */
  readonly head: string[];
  readonly samples: string[];
}

/**
 * The texts of several processes as one: each metric once, with the samples of all, every sample with the label
 * `service`. The format wants all lines of a metric together.
 */
export function mergedMetrics(parts: readonly ServiceMetrics[]): string {
  const families = new Map<string, Family>();
  for (const { service, text } of parts) {
    const label = `service="${service}"`;
    const ours = new Set<Family>();
    let family: Family | undefined;
    for (const line of text.split('\n')) {
      const [, name] = /^# (?:HELP|TYPE) (\S+)/.exec(line) ?? [];
      if (name !== undefined) {
        family = families.get(name);
        if (family === undefined) {
          family = { head: [], samples: [] };
          families.set(name, family);
          ours.add(family);
        }
        if (ours.has(family)) family.head.push(line);
      } else if (line !== '' && !line.startsWith('#')) {
        family?.samples.push(labelled(line, label));
      }
    }
  }
  const lines = [...families.values()].flatMap(({ head, samples }) => [...head, ...samples, '']);
  return `${lines.join('\n')}\n`;
}

/** A sample that names its service already keeps that. */
function labelled(sample: string, label: string): string {
  const [, name = '', labels] = /^([^\s{]+)(?:\{(.*)\})?\s/.exec(sample) ?? [];
  if (labels !== undefined && /(^|,)service="/.test(labels)) return sample;
  const value = sample.slice(name.length + (labels === undefined ? 0 : labels.length + 2));
  return `${name}{${labels ? `${labels},` : ''}${label}}${value}`;
}
