import type { SagaStatus } from '../../services/mall.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { DeskConnection, DeskDatabase } from './desk-database.ts';
import type { HistoryRow } from './saga-story.ts';

/** A saga as it lies in its table. */
export interface Saga {
  /** The order's id. */
  readonly id: string;
  readonly status: SagaStatus;
  readonly step: number;
  readonly attempts: number;
  readonly reason: string;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly deadlineAt: Date | null;
  readonly version: number;
  readonly commandId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How far the outstanding command has come on its way to the broker. */
export interface Sending {
  readonly sentAt: Date;
  readonly publishedAt: Date | null;
  readonly lastError: string | null;
}

const COLUMNS = `id, status, step, attempts, reason, started_at AS "startedAt", updated_at AS "updatedAt",
  deadline_at AS "deadlineAt", version, command_id AS "commandId", data`;

/** The create-order sagas of a mall. Changes are guarded by the version: the coordinator may move a saga meanwhile. */
export class Sagas {
  readonly #database: DeskConnection;
  readonly #name: string;

  constructor(database: DeskDatabase, name: string) {
    this.#database = database.of('cosec');
    this.#name = name;
  }

  /** Sagas that began at least `olderMs` ago, the oldest first. */
  list(wanted: {
    readonly statuses: readonly SagaStatus[];
    readonly olderMs: number;
    readonly limit: number;
  }): Promise<readonly Saga[]> {
    return this.#database.query<Saga>(
      `SELECT ${COLUMNS} FROM cosec.sagas
       WHERE name = $1 AND status = ANY($2) AND started_at <= now() - $3 * interval '1 millisecond'
       ORDER BY started_at, id LIMIT $4`,
      [this.#name, wanted.statuses, wanted.olderMs, wanted.limit],
    );
  }

  /** @throws CliError (1) when the order has no saga */
  async get(id: string): Promise<Saga> {
    const [saga] = await this.#database.query<Saga>(
      `SELECT ${COLUMNS} FROM cosec.sagas WHERE name = $1 AND id = $2`,
      [this.#name, id],
    );
    if (saga !== undefined) return saga;
    throw new CliError(`There is no saga of an order ${id}.`, {
      exitCode: exitCodes.checkFailed,
      next: `\`mall saga ls --all\` shows those there are, \`mall events show ${id}\` the order`,
    });
  }

  history({ id }: Saga): Promise<readonly HistoryRow[]> {
    return this.#database.query<HistoryRow & Record<string, unknown>>(
      'SELECT at, status, step, what FROM cosec.saga_history WHERE saga_id = $1 ORDER BY position',
      [id],
    );
  }

  /** The latest sending of the outstanding command; undefined once its outbox row has been purged. */
  async sending({ commandId }: Saga): Promise<Sending | undefined> {
    const [row] = await this.#database.query<Sending & Record<string, unknown>>(
      `SELECT sent_at AS "sentAt", published_at AS "publishedAt", last_error AS "lastError"
       FROM cosec.outbox WHERE metadata ->> 'COMMAND_ID' = $1 ORDER BY position DESC LIMIT 1`,
      [commandId],
    );
    return row;
  }

  /**
   * Makes the outstanding command due, with all its attempts before it: the coordinator sends it again at its next
   * look, within a second. A saga that waits for attention goes back to compensating.
   * @param reason why the order is undone, in the place of why attention was asked for
   * @throws CliError (1) when the saga has ended or is moved at the same moment
   */
  async retry(saga: Saga, reason: string): Promise<void> {
    if (saga.status === 'completed' || saga.status === 'compensated') {
      throw cannot(saga, 'there is nothing to send again');
    }
    const status = saga.status === 'attention' ? 'compensating' : saga.status;
    await this.#change(saga, { status, reason, what: 'retried by hand', due: true });
  }

  /**
   * Turns a running saga back as a cancelled order does: when the outstanding command is answered or given up, since
   * only then it is known what there is to undo.
   * @throws CliError (1) when it cannot be turned back, or is moved at the same moment
   */
  async abort(saga: Saga, reason: string): Promise<void> {
    if (saga.status !== 'running') throw cannot(saga, 'only a running one can be turned back');
    if (saga.reason !== '') throw cannot(saga, `it is to be turned back already: ${saga.reason}`);
    await this.#change(saga, { status: saga.status, reason, what: `abandoned: ${reason}`, due: false });
  }

  async #change(
    saga: Saga,
    to: {
      readonly status: SagaStatus;
      readonly reason: string;
      readonly what: string;
      readonly due: boolean;
    },
  ): Promise<void> {
    const rows = await this.#database.query(
      `WITH changed AS (
         UPDATE cosec.sagas
         SET status = $4, reason = $5, attempts = CASE WHEN $6 THEN 0 ELSE attempts END,
             deadline_at = CASE WHEN $6 THEN now() ELSE deadline_at END,
             version = version + 1, updated_at = now()
         WHERE name = $1 AND id = $2 AND version = $3 RETURNING id, status, step)
       INSERT INTO cosec.saga_history (saga_id, status, step, what)
       SELECT id, status, step, $7 FROM changed RETURNING 1`,
      [this.#name, saga.id, saga.version, to.status, to.reason, to.due, to.what],
    );
    if (rows.length === 1) return;
    throw cannot(saga, 'it was moved at the same moment, and nothing was changed');
  }
}

function cannot({ id, status }: Saga, why: string): CliError {
  const next: Readonly<Record<SagaStatus, string>> = {
    running: `\`mall saga show ${id}\` shows how it stands`,
    compensating: `it is being undone; \`mall saga show ${id}\` shows how far it is`,
    completed: `the order is approved; \`mall events show ${id}\` shows what became of it`,
    compensated: `the order is undone; \`mall saga show ${id}\` shows why`,
    attention: `\`mall saga retry ${id}\` goes on with undoing it`,
  };
  return new CliError(`The saga of order ${id} is ${status}: ${why}.`, {
    exitCode: exitCodes.checkFailed,
    next: next[status],
  });
}
