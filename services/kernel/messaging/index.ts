/** Messages between contexts: envelope, outbox and relay, inbox and consumers, dead letters, on NATS JetStream. */
export { Broker, type BrokerOptions } from './broker.ts';
export { Consumer, type HandlingOutcome } from './consumer.ts';
export type { Envelope, Metadata } from './envelope.ts';
export { derivedId, idUnderKey, mintId, newId } from './ids.ts';
export { type MessagingLimits, messagingLimits, polledRelayLimits } from './limits.ts';
export { Listener, type ListenerOptions } from './listener.ts';
export { type MessageSubject, Outbox, type Publication, publication } from './outbox.ts';
export { OutboxRelay } from './relay.ts';
export { purgeExpired } from './retention.ts';
export {
  type Incoming,
  incoming,
  onCommand,
  onEvent,
  type SubscribedGroup,
  type Subscription,
  subscribe,
} from './subscriptions.ts';
