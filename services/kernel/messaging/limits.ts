/** Every bound of messaging, with its unit in its name and its reason. Tests shorten some of them. */
export interface MessagingLimits {
  /** Retention of the stream: read models can be rebuilt and audits run over this long. */
  readonly streamMaxAgeMs: number;
  /** A full stream refuses new messages; they wait in the outboxes and nothing unread is dropped. */
  readonly streamMaxBytes: number;
  /** Servers that keep the stream, where the broker is a cluster: one of three may be lost. */
  readonly streamReplicas: number;
  /** The broker drops repeats of a message id within this window; the inbox catches later ones. */
  readonly duplicateWindowMs: number;
  /** Unacknowledged messages come again after this; kept short so that a crash delays its messages little. */
  readonly ackWaitMs: number;
  /** The broker is told this often of each message in hand that it is still seen to; well below `ackWaitMs`. */
  readonly ackProgressMs: number;
  /** A handler that runs longer is aborted and its message tried again. */
  readonly handlerDeadlineMs: number;
  /** Messages a consumer asks for at once; it asks for more as they come. */
  readonly consumerBatchMessages: number;
  /** The broker is asked for messages anew this often; twice that without a sign of life, and the durable is looked for. */
  readonly pullExpiresMs: number;
  /** Handlers of one consumer that run at once, each for another aggregate. */
  readonly consumerConcurrency: number;
  /** Messages the broker hands out without acknowledgement, over all replicas: so many are in hand at most. */
  readonly maxAckPending: number;
  /** Pauses between the tries of a message; when they are used up it is parked as a dead letter. */
  readonly redeliveryDelaysMs: readonly number[];
  /** While a context's database is away it is asked for after these pauses: doubled from the first to the last, with jitter. */
  readonly outageProbeMs: readonly [first: number, last: number];
  /** So many failures in a row are put down to a database that was away; one more is the message's own. */
  readonly outagesForgiven: number;
  /** Rows the relay takes from the outbox at once; also the most publishes in flight. */
  readonly outboxBatchRows: number;
  /** The relay looks this often even when nobody woke it. */
  readonly outboxPollMs: number;
  /** Commits wake the relay; without it only the poll does. */
  readonly outboxWoken: boolean;
  /** Publishes one row after the other, whatever they are about. */
  readonly outboxOneByOne: boolean;
  /** Acknowledged rows are gathered this long before they are marked in one statement. */
  readonly markCoalesceMs: number;
  /** The broker's answer to one publish is awaited this long. */
  readonly publishTimeoutMs: number;
  /** Pause after a failed round of the relay: doubles from the first to the last, with jitter. */
  readonly relayBackoffMs: readonly [first: number, last: number];
  /** Wake-ups for the relay of another process are gathered this long into one notification. */
  readonly notifyCoalesceMs: number;
  /** Published outbox rows are kept this long: well beyond the broker's sync interval, so that it can be refilled. */
  readonly outboxKeptMs: number;
  /** Rows of messages a broker has lost that become unpublished at once. */
  readonly refillBatchRows: number;
  /** Inbox rows are kept longer than the stream keeps messages: no repeat can come after. */
  readonly inboxKeptMs: number;
  /** A client may repeat a request under its `Idempotency-Key` this long. */
  readonly idempotencyKeptMs: number;
  /** Rows deleted at once. */
  readonly retentionBatchRows: number;
  /** How often expired rows are looked for. */
  readonly retentionEveryMs: number;
  /** An outbox older than this makes the process unready: its relay is stuck. */
  readonly outboxStuckMs: number;
}

export const messagingLimits: MessagingLimits = {
  streamMaxAgeMs: 14 * 24 * 3_600_000,
  streamMaxBytes: 1024 ** 3,
  streamReplicas: 1,
  duplicateWindowMs: 120_000,
  ackWaitMs: 5_000,
  ackProgressMs: 1_500,
  handlerDeadlineMs: 30_000,
  consumerBatchMessages: 256,
  pullExpiresMs: 10_000,
  consumerConcurrency: 128,
  maxAckPending: 512,
  redeliveryDelaysMs: [1_000, 5_000, 30_000, 120_000, 600_000],
  outageProbeMs: [250, 2_000],
  outagesForgiven: 10,
  outboxBatchRows: 256,
  outboxPollMs: 1_000,
  outboxWoken: true,
  outboxOneByOne: false,
  markCoalesceMs: 50,
  publishTimeoutMs: 5_000,
  relayBackoffMs: [100, 2_000],
  notifyCoalesceMs: 5,
  outboxKeptMs: 24 * 3_600_000,
  refillBatchRows: 5_000,
  inboxKeptMs: 15 * 24 * 3_600_000,
  idempotencyKeptMs: 24 * 3_600_000,
  retentionBatchRows: 1_000,
  retentionEveryMs: 60_000,
  outboxStuckMs: 30_000,
};

/** The relay in the original's manner, so that what ours gains can be measured in one run. */
export const polledRelayLimits: Partial<MessagingLimits> = {
  outboxWoken: false,
  outboxOneByOne: true,
  outboxPollMs: 333,
  outboxBatchRows: 50,
};
