/*
 * The one place to import what travels between contexts from: the messages, who consumes them,
 * and the names their envelopes use.
 */
export { type ConsumerGroup, consumerGroups } from './consumer-groups.ts';
export { type ContextName, contextNames } from './contexts.ts';
export { type IdKind, knownIds, knownIdsOfSaga } from './known-ids.ts';
export type {
  AnyMessageDefinition,
  CommandDefinition,
  EventDefinition,
  MessageCodec,
  MessageDefinition,
  NoPayload,
  Payload,
  ReplyDefinition,
} from './message-definition.ts';
export { allMessages, channels, messageNamed, messages } from './messages.ts';
export { type MetadataKey, metadataKeys, type ReplyOutcome, replyOutcomes } from './metadata-keys.ts';
