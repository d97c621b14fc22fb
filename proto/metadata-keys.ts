/**
 * The keys of a message's metadata. All values are strings.
 * Those marked "added" are unknown to the original: whoever reads one must do without it.
 */
export const metadataKeys = {
  /** On commands: channel for the reply, with the stream's name in front. */
  commandReplyChannel: 'COMMAND_REPLY_CHANNEL',
  commandSagaId: 'COMMAND_SAGA_ID',
  commandSagaName: 'COMMAND_SAGA_NAME',
  /** Reserved: never set, never copied to a reply. */
  commandName: 'COMMAND_NAME',
  /** Added: identity of one sending of a command; a resend keeps it. */
  commandId: 'COMMAND_ID',
  /** Added: the saga step the command was sent by. */
  commandStep: 'COMMAND_STEP',

  /** On replies: one of `replyOutcomes`, and the only source of the outcome; missing means failure. */
  replyOutcome: 'REPLY_OUTCOME',
  /** Copies of the command's headers: every COMMAND_x but COMMAND_NAME becomes REPLY_x. */
  replyReplyChannel: 'REPLY_REPLY_CHANNEL',
  replySagaId: 'REPLY_SAGA_ID',
  replySagaName: 'REPLY_SAGA_NAME',
  /** Reserved: never set. */
  replyName: 'REPLY_NAME',
  /** Added: copy of COMMAND_ID. */
  replyId: 'REPLY_ID',
  /** Added: copy of COMMAND_STEP. */
  replyStep: 'REPLY_STEP',
  /** Added: on a failure, the error's category, e.g. NOT_FOUND. */
  replyErrorCode: 'REPLY_ERROR_CODE',
  /** Added: on a failure, the error's text. */
  replyErrorMessage: 'REPLY_ERROR_MESSAGE',

  /** W3C trace context. */
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  baggage: 'baggage',

  /** Added to published messages; the original has these three on events inside a process only. */
  aggregateName: 'aggregate-name',
  aggregateId: 'aggregate-id',
  aggregateVersion: 'aggregate-version',
  /** Added: id of the message or request that caused this one. */
  causationId: 'causation-id',
  /** Added: one id for all that follows from one request. */
  correlationId: 'correlation-id',
  /** Added: version of the payload's meaning; missing means 1. */
  schemaVersion: 'schema-version',
} as const;

export type MetadataKey = (typeof metadataKeys)[keyof typeof metadataKeys];

/** The values of REPLY_OUTCOME. */
export const replyOutcomes = { success: 'SUCCESS', failure: 'FAILURE' } as const;

export type ReplyOutcome = (typeof replyOutcomes)[keyof typeof replyOutcomes];
