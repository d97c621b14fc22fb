import { metadataKeys } from '../../../proto/catalogue.ts';
import { type Database, inUnitOfWork, type UnitOfWork, VersionCache } from '../database/index.ts';
import { isTransient } from '../domain/index.ts';
import { crashPoint } from '../faults/index.ts';
import { derivedId, type Envelope, newId, type Outbox } from '../messaging/index.ts';
import { describeWork, ownAttributeNames, type TraceHeaders } from '../telemetry/index.ts';
import type { SagaDefinition } from './definition.ts';
import { type SagaDataCodec, type SagaRow, SagaTable } from './saga-table.ts';
import {
  abandon,
  begin,
  type Move,
  proceed,
  type SagaState,
  type SagaStatus,
  type StepOutcome,
} from './walk.ts';

export interface OrchestratorOptions<Data> {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly definition: SagaDefinition<Data>;
  readonly codec: SagaDataCodec<Data>;
  /** Told when a saga reaches an end, how long after its beginning, and which one it is. */
  readonly ended?: (status: SagaStatus, seconds: number, id: string) => void;
}

/**
 * Runs sagas of one definition: one per id, moved only by the answer to the outstanding command or by its deadline.
 * The saga's row, its story and the next command commit together.
 */
export class SagaOrchestrator<Data> {
  readonly #options: OrchestratorOptions<Data>;
  readonly #table: SagaTable<Data>;
  readonly #known = new VersionCache<SagaRow<Data>>();

  constructor(options: OrchestratorOptions<Data>) {
    this.#options = options;
    this.#table = new SagaTable(options.database, options.definition.name, options.codec);
  }

  /** Begins the saga with this id unless it was begun before (rows K8, P-17). */
  async start(unit: UnitOfWork, id: string, data: Data): Promise<void> {
    if (await this.#table.find(id)) return;
    const move = begin(this.#options.definition, data);
    const { trace } = unit.causation;
    const row = this.#outstanding({ id, version: 0, commandId: '', trace, startedAt: new Date() }, move);
    unit.add(this.#table.insert(row));
    this.#carryOn(unit, row, move, 'started');
  }

  /** Takes an answer. Strays are let go: of other sagas, of steps long done, late or repeated (rows K5, P-16). */
  async reply(unit: UnitOfWork, reply: Envelope): Promise<void> {
    const { metadata } = reply;
    const id = metadata[metadataKeys.replySagaId];
    if (!id || metadata[metadataKeys.replySagaName] !== this.#options.definition.name) return;
    const awaited = (row: SagaRow<Data> | undefined) =>
      row && isOpen(row.state) && metadata[metadataKeys.replyId] === row.commandId ? row : undefined;
    // A row from memory that does not await this answer may be an old one; the move of one that does is guarded.
    const row = awaited(this.#known.take(id)) ?? awaited(await this.#table.find(id));
    if (!row) return;
    const outcome = this.#outcome(row.state, reply);
    this.#move(
      unit,
      row,
      proceed(this.#options.definition, row.state, outcome),
      outcome.type === 'failed' ? `failed: ${outcome.reason}` : outcome.type,
    );
  }

  /** Turns a running saga back, for a reason from outside such as a cancelled order (row K7). */
  async abandon(unit: UnitOfWork, id: string, reason: string): Promise<void> {
    const row = await this.#table.find(id);
    if (row?.state.status !== 'running') return;
    this.#move(unit, row, abandon(row.state, reason), `abandoned: ${reason}`);
  }

  /**
   * Sends overdue commands again or gives up on them. Answers how many sagas it moved.
   * @throws what a saga that cannot be read or moved fails with, after all the others
   */
  async sweep(limit: number): Promise<number> {
    const overdue = await this.#table.overdue(limit);
    const failures: unknown[] = [];
    for (const { id, trace } of overdue) {
      await this.#unanswered(id, trace).catch((error: unknown) => {
        if (isTransient(error)) throw error;
        failures.push(error);
      });
    }
    if (failures.length > 0) throw new AggregateError(failures, 'sagas that are overdue cannot be moved');
    return overdue.length;
  }

  #unanswered(id: string, trace: TraceHeaders | undefined): Promise<void> {
    const causation = { causationId: newId(), correlationId: id, trace };
    return inUnitOfWork(this.#options.database, causation, async (unit) => {
      const row = await this.#table.find(id);
      if (!row?.deadlineAt || row.deadlineAt.getTime() > Date.now()) return;
      const move = proceed(this.#options.definition, row.state, { type: 'unanswered' });
      this.#move(unit, row, move, 'not answered in time');
    });
  }

  #outcome(state: SagaState<Data>, reply: Envelope): StepOutcome<Data> {
    const { metadata } = reply;
    if (metadata[metadataKeys.replyOutcome] !== 'SUCCESS') {
      return {
        type: 'failed',
        reason: metadata[metadataKeys.replyErrorMessage] ?? 'refused without a reason',
      };
    }
    const step = this.#options.definition.steps[state.step];
    const data = state.status === 'running' && step?.learn ? step.learn(state.data, reply) : state.data;
    return { type: 'succeeded', data };
  }

  #move(unit: UnitOfWork, before: SagaRow<Data>, move: Move<Data>, what: string): void {
    const row = this.#outstanding(before, move);
    unit.add(this.#table.update(row));
    this.#carryOn(unit, row, move, what);
  }

  /** The row as it is after the move: which command is outstanding and until when. */
  #outstanding(before: Omit<SagaRow<Data>, 'state' | 'deadlineAt'>, move: Move<Data>): SagaRow<Data> {
    const { definition } = this.#options;
    const { state } = move;
    if (!isOpen(state)) return { ...before, state, deadlineAt: undefined };
    const direction = state.status === 'running' ? 'action' : 'compensation';
    const commandId = derivedId(definition.name, before.id, String(state.step), direction);
    const waitMs = definition.limits.stepDeadlineMs * Math.min(1.5 ** (state.attempts - 1), MOST_PATIENCE);
    return { ...before, state, commandId, deadlineAt: new Date(Date.now() + waitMs) };
  }

  #carryOn(unit: UnitOfWork, row: SagaRow<Data>, move: Move<Data>, what: string): void {
    unit.add(this.#table.tell(row.id, row.state, what));
    const { definition, outbox, ended } = this.#options;
    describeWork({
      [ownAttributeNames.sagaName]: definition.name,
      [ownAttributeNames.sagaStep]: definition.steps[row.state.step]?.name ?? '',
      [ownAttributeNames.sagaStatus]: row.state.status,
    });
    if (isOpen(row.state))
      unit.afterCommit(() => this.#known.put(row.id, { ...row, version: row.version + 1 }));
    else unit.afterCommit(() => ended?.(row.state.status, secondsSince(row.startedAt), row.id));
    if (!move.command) return;
    unit.afterCommit(() => crashPoint('saga.after-save', this.#options.database.schema));
    outbox.send(unit, move.command, {
      // A resend is a new message with the same command id: it passes the inbox, its answer is recognised. The
      // version tells sendings apart; attempts begin anew when a person has the command sent again.
      id: derivedId(row.commandId, 'version', String(row.version)),
      subject: outbox.subjectOf(move.command.definition),
      headers: {
        [metadataKeys.commandReplyChannel]: outbox.subjectOf({
          name: definition.name,
          channel: definition.replyChannel,
        }),
        [metadataKeys.commandSagaId]: row.id,
        [metadataKeys.commandSagaName]: definition.name,
        [metadataKeys.commandId]: row.commandId,
        [metadataKeys.commandStep]: definition.steps[row.state.step]?.name ?? '',
      },
      orderingKey: row.id,
      occurredAt: new Date(),
    });
  }
}

/** So many times the first deadline is the longest: somebody may be waiting when the answer can come again. */
const MOST_PATIENCE = 10;

function isOpen<Data>(state: SagaState<Data>): boolean {
  return state.status === 'running' || state.status === 'compensating';
}

/** By two clocks, those of the database and of this machine: never less than nothing. */
function secondsSince(time: Date): number {
  return Math.max(0, (Date.now() - time.getTime()) / 1000);
}
