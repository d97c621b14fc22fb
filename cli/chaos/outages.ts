import type { Manner, ServerName } from './servers.ts';

/** Something that is done to a mall from outside while it works. */
export type Outage =
  | { readonly kind: 'away'; readonly server: ServerName; readonly manner: Manner; readonly seconds: number }
  | { readonly kind: 'repeats' }
  | { readonly kind: 'lost tail' };

const servers: readonly ServerName[] = ['postgres', 'nats'];
const manners: readonly Manner[] = ['stopped', 'killed', 'paused'];

/** The whole table, for the lengths that are wanted. */
export function allOutages(lengths: readonly number[]): readonly Outage[] {
  return [
    ...lengths.flatMap((seconds) =>
      servers.flatMap((server) =>
        manners.map((manner) => ({ kind: 'away', server, manner, seconds }) as const),
      ),
    ),
    { kind: 'repeats' },
    { kind: 'lost tail' },
  ];
}

/** What it is called, on the command line and in the table: `nats-paused`, `repeats`, `lost-tail`. */
export function nameOf(outage: Outage): string {
  return outage.kind === 'away' ? `${outage.server}-${outage.manner}` : outage.kind.replace(' ', '-');
}
