/**
 * Names of span attributes: OpenTelemetry's semantic conventions, and our own under `mall`. Spelled here, since the
 * package that has them all takes longer to load than the rest of a process; a test compares the two.
 */
export const attributeNames = {
  httpRequestMethod: 'http.request.method',
  httpResponseStatusCode: 'http.response.status_code',
  httpRoute: 'http.route',
  urlPath: 'url.path',
  urlScheme: 'url.scheme',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  rpcSystemName: 'rpc.system.name',
  rpcMethod: 'rpc.method',
  rpcResponseStatusCode: 'rpc.response.status_code',
  dbSystemName: 'db.system.name',
  dbNamespace: 'db.namespace',
  dbQuerySummary: 'db.query.summary',
  dbResponseReturnedRows: 'db.response.returned_rows',
  messagingSystem: 'messaging.system',
  messagingOperationType: 'messaging.operation.type',
  messagingOperationName: 'messaging.operation.name',
  messagingDestinationName: 'messaging.destination.name',
  messagingMessageId: 'messaging.message.id',
  messagingMessageConversationId: 'messaging.message.conversation_id',
  messagingMessageBodySize: 'messaging.message.body.size',
  messagingConsumerGroupName: 'messaging.consumer.group.name',
  errorType: 'error.type',
  serviceName: 'service.name',
  serviceNamespace: 'service.namespace',
  serviceInstanceId: 'service.instance.id',
} as const;

/** Attributes of our own. Ids of aggregates are `mall.<kind>.id`, such as `mall.order.id`. */
export const ownAttributeNames = {
  /** Wire name of a message, such as `ordersapi.OrderCreated`. */
  messageName: 'mall.message.name',
  /** From the decision to send a message until the relay took it from the outbox. */
  outboxWaitMs: 'mall.outbox.wait_ms',
  /** Sequence number the broker gave a message. */
  streamSequence: 'mall.stream.sequence',
  /** What became of a received message: handled, duplicate, retried, parked. */
  outcome: 'mall.outcome',
  /** Which try at handling a message this is. */
  attempt: 'mall.attempt',
  sagaName: 'mall.saga.name',
  sagaStep: 'mall.saga.step',
  sagaStatus: 'mall.saga.status',
} as const;
