import type { SagaDefinition } from '../../services/mall.ts';
import { commandName, isOpen, stepName, storyOf, waitingSince } from './saga-story.ts';
import type { SagaLine, SagaPage } from './saga-view.ts';
import type { Saga, Sagas } from './sagas.ts';

/** A kind of saga: its steps, and how its data are read. */
interface SagaKind<Data> {
  readonly definition: SagaDefinition<Data>;
  readonly codec: { decode(stored: unknown): Data };
}

/** A saga with its step and command by name. */
export function lineOf<Data>({ definition, codec }: SagaKind<Data>, saga: Saga): SagaLine {
  const { id, status, attempts, reason, startedAt, updatedAt, deadlineAt } = saga;
  const command = isOpen(status) ? commandName(definition, saga, codec.decode(saga.data)) : undefined;
  const step = stepName(definition, saga.step);
  return {
    orderId: id,
    status,
    step,
    command: command ?? null,
    attempts,
    reason,
    startedAt,
    updatedAt,
    deadlineAt,
  };
}

/** A saga with its data, its story and what it waits for. */
export async function pageOf<Data>(kind: SagaKind<Data>, sagas: Sagas, saga: Saga): Promise<SagaPage> {
  const line = lineOf(kind, saga);
  const history = await sagas.history(saga);
  const story = storyOf(history, kind.definition, kind.codec.decode(saga.data));
  const page = { ...line, data: saga.data, story };
  if (!isOpen(saga.status)) return { ...page, waiting: null };
  const sending = await sagas.sending(saga);
  const { step, command, attempts, deadlineAt } = line;
  const waiting = {
    step,
    command,
    attempts,
    deadlineAt,
    since: waitingSince(history) ?? null,
    publishedAt: sending?.publishedAt ?? null,
    publishError: sending?.lastError ?? null,
  };
  return { ...page, waiting };
}
