import type { Envelope, Publication } from '../messaging/index.ts';

/**
 * One step of a saga. A step without action exists for its compensation only; one without compensation needs none.
 * Handlers of commands must be idempotent: a command that was not answered in time is sent again.
 */
export interface SagaStep<Data> {
  readonly name: string;
  readonly action?: (data: Data) => Publication<unknown>;
  /** What the answer to the action adds to the data. */
  readonly learn?: (data: Data, reply: Envelope) => Data;
  /**
   * Nothing can undo it, and what comes before must not be undone once it has taken effect, of which silence says
   * nothing: it is sent until it is answered.
   */
  readonly pivot?: boolean;
  /** Undefined: there is nothing to undo, as the data show. */
  readonly compensation?: (data: Data) => Publication<unknown> | undefined;
}

/** A saga as data: steps run upwards; after a failure their compensations run downwards. */
export interface SagaDefinition<Data> {
  readonly name: string;
  /** Where answers come back, without the stream's name. */
  readonly replyChannel: string;
  readonly steps: readonly SagaStep<Data>[];
  readonly limits: SagaLimits;
  /** Brings what the walk back needs to know into the data: why the saga failed. */
  readonly failed: (data: Data, reason: string) => Data;
}

export interface SagaLimits {
  /** How long an answer is awaited before the command is sent again; grows by half with each sending, up to tenfold. */
  readonly stepDeadlineMs: number;
  /** Sendings of an action that is no pivot; when none was answered the saga compensates. */
  readonly actionAttempts: number;
  /** Sendings of a compensation; when none succeeded the saga waits for attention. */
  readonly compensationAttempts: number;
}

export const sagaLimits: SagaLimits = {
  stepDeadlineMs: 30_000,
  actionAttempts: 4,
  compensationAttempts: 10,
};
