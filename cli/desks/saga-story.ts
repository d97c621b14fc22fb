import type { SagaDefinition, SagaStatus } from '../../services/mall.ts';

/** One line of a saga's history as it is stored: what happened, and how the saga stood after it. */
export interface HistoryRow {
  readonly at: Date;
  readonly status: SagaStatus;
  readonly step: number;
  readonly what: string;
}

/** One thing that happened in a saga. */
export interface StoryLine {
  readonly at: Date;
  readonly kind: 'begin' | 'command' | 'compensation' | 'reply' | 'deadline' | 'note' | 'end';
  readonly step: string;
  /** Wire name of the command that was sent; undefined for everything else. */
  readonly command: string | undefined;
  readonly text: string;
}

/** Words of the stored history that are followed by a command, and what they are in the story. */
const followedByCommand: Readonly<Record<string, StoryLine['kind']>> = {
  started: 'begin',
  succeeded: 'reply',
  'not answered in time': 'deadline',
};

/**
 * Tells a saga's history as what was sent and answered. The history has one row for each move, with the state after
 * it; the commands follow from the definition.
 */
export function storyOf<Data>(
  history: readonly HistoryRow[],
  definition: SagaDefinition<Data>,
  data: Data,
): readonly StoryLine[] {
  return history.flatMap((row, index) => {
    const before = history[index - 1] ?? row;
    const failed = row.what.startsWith('failed: ');
    const kind = followedByCommand[row.what] ?? (failed ? 'reply' : 'note');
    const happened = {
      at: row.at,
      kind,
      step: stepName(definition, before.step),
      command: undefined,
      text: row.what,
    };
    if (!isOpen(row.status)) {
      return [happened, { ...happened, kind: 'end' as const, step: '', text: row.status }];
    }
    // A failed compensation is not sent again at once: that is the deadline's.
    const sends = row.what in followedByCommand || (failed && before.status === 'running');
    if (!sends) return [happened];
    const command = commandName(definition, row, data);
    const sent = row.status === 'running' ? ('command' as const) : ('compensation' as const);
    const step = stepName(definition, row.step);
    return [happened, { at: row.at, kind: sent, step, command, text: command ?? '' }];
  });
}

/** Since when the saga is at its present step, on its way up or down. */
export function waitingSince(history: readonly HistoryRow[]): Date | undefined {
  const last = history.at(-1);
  const other = history.findLastIndex(({ status, step }) => status !== last?.status || step !== last.step);
  return history[other + 1]?.at;
}

/** The command that is outstanding at a step, by its wire name. */
export function commandName<Data>(
  definition: SagaDefinition<Data>,
  { status, step }: { readonly status: SagaStatus; readonly step: number },
  data: Data,
): string | undefined {
  const { action, compensation } = definition.steps[step] ?? {};
  return (status === 'running' ? action?.(data) : compensation?.(data))?.definition.name;
}

export function stepName<Data>(definition: SagaDefinition<Data>, step: number): string {
  return definition.steps[step]?.name ?? '';
}

/** Whether a saga waits for an answer. */
export function isOpen(status: SagaStatus): boolean {
  return status === 'running' || status === 'compensating';
}
