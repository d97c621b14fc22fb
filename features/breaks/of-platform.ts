import type { Break } from './break.ts';

/** Faults in what all contexts stand on: relay, inbox, consumers, saga, gateway. */
export const breaksOfPlatform: readonly Break[] = [
  {
    name: 'a saga is begun again for the same order (row K8)',
    file: 'services/kernel/saga/orchestrator.ts',
    search: 'if (await this.#table.find(id)) return;',
    replace: '',
    feature: 'platform/duplicates',
  },
  {
    name: 'a second invoice is tried for a ready order (row P14)',
    file: 'services/payments/application.ts',
    search: 'if (await this.#invoicesTable.findByOrder(details.orderId)) return;',
    replace: '',
    feature: 'platform/duplicates',
  },
  {
    name: 'what fails once is given up at once (row X9)',
    file: 'services/kernel/messaging/consumer.ts',
    search: 'if (isPermanent(error) || delayMs === undefined) {',
    replace: 'if (delayMs !== 0) {',
    feature: 'platform/redelivery',
  },
  {
    name: 'the money of an order that is undone stays held (row K6)',
    file: 'services/cosec/create-order-saga.ts',
    search: 'compensation: ({ paymentId, orderId, customerId }) =>',
    replace: 'nothing: ({ paymentId, orderId, customerId }) =>',
    feature: 'platform/redelivery',
  },
  {
    name: 'what cannot be read is thrown away without a trace',
    file: 'services/kernel/messaging/consumer.ts',
    search:
      'if (decoded instanceof UndecodableMessage) return this.#park(message, key, 1, decoded, undefined);',
    replace: 'if (decoded instanceof UndecodableMessage) return void message.ack();',
    feature: 'platform/dead_letters',
  },
  {
    name: 'messages are acknowledged before they have had their effect',
    file: 'services/kernel/messaging/consumer.ts',
    search: 'const attempt = this.#held.attempts(key, decoded.id) + 1;',
    replace: 'const attempt = this.#held.attempts(key, decoded.id) + 1; message.ack();',
    feature: 'platform/restart',
  },
  {
    name: 'fields that nobody knows are refused',
    file: 'services/kernel/http/gateway.ts',
    search: '{ ignoreUnknownFields: true, registry: descriptors() }',
    replace: '{ ignoreUnknownFields: false, registry: descriptors() }',
    feature: 'platform/errors',
  },
  {
    name: 'the gateway leaves fields at their defaults out',
    file: 'services/kernel/http/json-mapping.ts',
    search: 'alwaysEmitImplicit: true',
    replace: 'alwaysEmitImplicit: false',
    feature: 'platform/errors',
  },
  {
    name: 'what is not found is told as a fault (row X15)',
    file: 'services/kernel/http/failures.ts',
    search: '[status.NOT_FOUND]: 404',
    replace: '[status.NOT_FOUND]: 500',
    feature: 'platform/errors',
  },
  {
    name: 'a request under the same key is done again (row X14)',
    file: 'services/kernel/rpc/idempotency.ts',
    search: 'if (fingerprint === request.fingerprint) return true;',
    replace: 'if (fingerprint === request.fingerprint) return false;',
    feature: 'platform/idempotency',
  },
  {
    name: 'stores that do not take part sell, under the strict rules (row B5)',
    file: 'services/baskets/application.ts',
    search: "if (this.#strict.has('participation') && !store.participating) {",
    replace: "if (this.#strict.has('nothing') && !store.participating) {",
    feature: 'platform/strict',
  },
  {
    name: 'a token opens what belongs to others (row X1)',
    file: 'services/kernel/rpc/access.ts',
    search: "caller.role === 'service' || caller.id === customerId",
    replace: "caller.role === 'service' || caller.id !== ''",
    feature: 'platform/tokens',
  },
  {
    name: 'messages lose the trace they are part of',
    file: 'services/kernel/messaging/outbox.ts',
    search: '...headersAfter(created, trace), ',
    replace: '',
    feature: 'platform/traces',
  },
  {
    name: 'the gateway of the nine tells refusals without their kind',
    // Nobody but the gateway has services in other processes behind its doors.
    file: 'services/kernel/rpc/remote-services.ts',
    search: "return RpcFailure.fromTrailer(code, error?.details ?? '', trailer);",
    replace: "return RpcFailure.fromTrailer(code, error?.details ?? '', undefined);",
    feature: 'platform/modes',
  },
  {
    name: 'the relay publishes each message twice (row X11)',
    file: 'services/kernel/messaging/publish-rows.ts',
    search: 'await broker.publish(row.subject, bytes, row.id);',
    replace:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: text of the product
      '(await broker.publish(row.subject, bytes, `${row.id} again`), await broker.publish(row.subject, bytes, row.id));',
    feature: 'orders/processing',
  },
  {
    name: 'messages lose the story they belong to',
    file: 'services/kernel/messaging/outbox.ts',
    search: '[metadataKeys.correlationId]: causation.correlationId,',
    replace: '[metadataKeys.correlationId]: causation.causationId,',
    feature: 'orders/processing',
  },
  {
    name: 'the saga takes a refusal for a success',
    file: 'services/kernel/saga/orchestrator.ts',
    search: "metadata[metadataKeys.replyOutcome] !== 'SUCCESS'",
    replace: "metadata[metadataKeys.replyOutcome] === 'NEVER'",
    feature: 'orders/rejection',
  },
  {
    name: 'a saga that cannot be undone ends in silence',
    file: 'services/kernel/saga/walk.ts',
    search: "status: 'attention', reason: `undoing",
    replace: "status: 'compensated', reason: `undoing",
    feature: 'platform/redelivery',
  },
  {
    name: 'a saga that somebody has sent on from attention is forgotten',
    file: 'cli/desks/sagas.ts',
    search: "const status = saga.status === 'attention' ? 'compensating' : saga.status;",
    replace: 'const { status } = saga;',
    feature: 'platform/redelivery',
  },
  {
    name: 'the saga forgets a step on its way back',
    file: 'services/kernel/saga/walk.ts',
    search: 'return turnBack(definition, state, outcome.reason, state.step - 1);',
    replace: 'return turnBack(definition, state, outcome.reason, state.step - 2);',
    feature: 'orders/rejection',
  },
];
