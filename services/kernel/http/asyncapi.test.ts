import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import asyncApiSchema from '@asyncapi/specs/schemas/3.0.0-without-$id.json' with { type: 'json' };
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import {
  allMessages,
  type ConsumerGroup,
  type ContextName,
  consumerGroups,
  contextNames,
} from '../../../proto/catalogue.ts';
import { originalContexts } from '../../../proto/original-wire.ts';
import { asyncApiDocument } from './asyncapi.ts';
import type { AsyncApiDocument, Operation } from './asyncapi-model.ts';
import type { ObjectSchema } from './openapi-model.ts';

const options = { stream: 'mall', server: 'nats://broker.example:4222' };
const documentOf = (context: ContextName) => asyncApiDocument(context, options);

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
const isAsyncApi = ajv.compile(asyncApiSchema);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function referencesIn(node: unknown): string[] {
  if (!isRecord(node)) return [];
  const own = typeof node.$ref === 'string' ? [node.$ref] : [];
  return [...own, ...Object.values(node).flatMap(referencesIn)];
}

function resolve(document: AsyncApiDocument, reference: string): unknown {
  const [root, ...keys] = reference.split('/');
  assert.equal(root, '#');
  return keys.reduce<unknown>((node, key) => (isRecord(node) ? node[key] : undefined), document);
}

const lastOf = (reference: string) => reference.split('/').at(-1) ?? '';

function operationsOf(document: AsyncApiDocument, action: Operation['action']): [string, Operation][] {
  return Object.entries(document.operations).filter(([, operation]) => operation.action === action);
}

function addressOf(document: AsyncApiDocument, operation: Operation): string | null | undefined {
  return document.channels[lastOf(operation.channel.$ref)]?.address;
}

const namesOf = (operation: Operation) => operation.messages.map(({ $ref }) => lastOf($ref));

/** Address and wire name of all that a context sends or takes. */
function told(context: ContextName, action: Operation['action']): string[] {
  const document = documentOf(context);
  return operationsOf(document, action).flatMap(([, operation]) =>
    namesOf(operation).map((name) => `${addressOf(document, operation)} ${name}`),
  );
}

function schemaAt(context: ContextName, name: string): ObjectSchema {
  return documentOf(context).components.schemas[name] ?? assert.fail(name);
}

for (const context of contextNames) {
  describe(`the document of ${context}`, () => {
    const document = documentOf(context);

    test('is AsyncAPI 3.0', () => {
      assert.equal(isAsyncApi(document), true, ajv.errorsText(isAsyncApi.errors));
    });

    test('resolves every reference, and refers to every schema and message', () => {
      const references = new Set(referencesIn(document));
      for (const reference of references) assert.ok(resolve(document, reference), reference);
      for (const [kind, parts] of Object.entries(document.components)) {
        for (const name of Object.keys(parts))
          assert.ok(references.has(`#/components/${kind}/${name}`), name);
      }
    });

    test('has operations on the messages of their own channels only, each message once', () => {
      for (const { channel, messages, reply } of Object.values(document.operations)) {
        for (const { $ref } of messages) assert.ok($ref.startsWith(`${channel.$ref}/messages/`), $ref);
        for (const { $ref } of reply?.messages ?? []) {
          assert.ok($ref.startsWith(`${reply?.channel.$ref}/messages/`), $ref);
        }
      }
      const names = Object.values(document.operations).flatMap(namesOf);
      assert.equal(new Set(names).size, names.length);
    });

    test('has camelCase properties, and requires only those it has', () => {
      for (const [name, { properties = {}, required = [] }] of Object.entries(document.components.schemas)) {
        if (name.endsWith('Headers')) continue;
        for (const key of Object.keys(properties)) assert.match(key, /^[a-z][a-zA-Z0-9]*$/, name);
        for (const key of required) assert.ok(key in properties, key);
      }
    });

    test('is plain data, the same each time', () => {
      assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
      assert.equal(JSON.stringify(documentOf(context)), JSON.stringify(document));
    });
  });
}

test('what is no AsyncAPI is told', () => {
  const { operations, ...rest } = documentOf('stores');
  const broken = Object.values(operations).map((operation) => ({ ...operation, action: 'publish' }));
  assert.equal(isAsyncApi({ ...rest, operations: { broken: broken[0] } }), false);
  assert.equal(isAsyncApi({ ...rest, info: { title: 'no version' } }), false);
});

test('every event and command is sent by its publisher, to its channel', () => {
  const documented = contextNames.flatMap((context) =>
    told(context, 'send').map((each) => `${context} ${each}`),
  );
  const catalogued = allMessages
    .filter(({ kind }) => kind !== 'reply')
    .map(({ publisher, channel, name }) => `${publisher} mall.${channel} ${name}`);
  assert.deepEqual(documented.filter((each) => !each.includes(' null ')).sort(), catalogued.sort());
});

test('every consumer group is an operation that names it', () => {
  const documented = contextNames.flatMap((context) =>
    operationsOf(documentOf(context), 'receive').map(([, operation]) => ({
      context,
      queue: operation.bindings?.nats.queue,
      consumer: operation['x-jetstream-consumer'],
      address: addressOf(documentOf(context), operation),
      messages: namesOf(operation),
    })),
  );
  const groups: readonly ConsumerGroup[] = Object.values(consumerGroups);
  const catalogued = contextNames.flatMap((context) =>
    groups
      .filter((group) => group.context === context)
      .map(({ name, channel, messages }) => ({
        context,
        queue: name,
        consumer: { stream: 'mall', durable: name, filterSubject: `mall.${channel}` },
        address: `mall.${channel}`,
        messages: messages.map((message) => message.name),
      })),
  );
  assert.deepEqual(documented, catalogued);
});

test('rows T13, P-53: stores have the title and operations of the original, the names of the wire', () => {
  const document = documentOf('stores');
  assert.equal(document.info.title, 'Store Management AsyncAPI');
  assert.equal(document.info.version, '1.0.0');
  assert.deepEqual(Object.keys(document.operations), ['storeAggregateEvents', 'productAggregateEvents']);
  assert.deepEqual(told('stores', 'send'), [
    'mall.stores.events.Store storesapi.StoreCreated',
    'mall.stores.events.Store storesapi.StoreParticipatingToggled',
    'mall.stores.events.Store storesapi.StoreRebranded',
    'mall.stores.events.Product storesapi.ProductAdded',
    'mall.stores.events.Product storesapi.ProductRebranded',
    'mall.stores.events.Product storesapi.ProductPriceIncreased',
    'mall.stores.events.Product storesapi.ProductPriceDecreased',
    'mall.stores.events.Product storesapi.ProductRemoved',
  ]);
  const toggled = document.components.messages['storesapi.StoreParticipatingToggled'];
  assert.equal(toggled?.name, 'storesapi.StoreParticipatingToggled');
  assert.equal(toggled?.title, 'Store participating toggled');
  assert.equal(toggled?.summary, 'A store began or ended to take part in the mall');
  assert.equal(toggled?.['x-protobuf-type'], 'storespb.StoreParticipationToggled');
  assert.deepEqual(toggled?.payload, { $ref: '#/components/schemas/storespb.StoreParticipationToggled' });
});

test('row P-53: the envelope of the wire is described', () => {
  const envelope = schemaAt('stores', 'jetstream.StreamMessage');
  assert.deepEqual(Object.keys(envelope.properties ?? {}), ['id', 'name', 'data', 'metadata', 'sentAt']);
  assert.deepEqual(envelope.properties?.metadata, {
    type: 'object',
    description: 'Headers: reply address, saga, outcome, trace, aggregate.',
    additionalProperties: { type: 'string' },
  });
  const data = schemaAt('stores', 'EventMessageData');
  assert.deepEqual(Object.keys(data.properties ?? {}), ['payload', 'occurredAt']);
});

test('titles are in the style of the original where it has a title', () => {
  assert.deepEqual(
    contextNames
      .filter((context) => originalContexts.includes(context))
      .map((context) => documentOf(context).info.title),
    [
      'Shopping Baskets AsyncAPI',
      'cosec messages',
      'Customers AsyncAPI',
      'Depot Operations AsyncAPI',
      'notifications messages',
      'Order Processing AsyncAPI',
      'Payments AsyncAPI',
      'Search AsyncAPI',
      'Store Management AsyncAPI',
    ],
  );
});

test('commands are answered where they say, by the saga at its own channel', () => {
  const { sendDepotCommands } = documentOf('cosec').operations;
  const replies = ['depotapi.CreatedShoppingListReply', 'am.Success', 'am.Failure'];
  assert.deepEqual(sendDepotCommands?.reply?.channel, { $ref: '#/channels/createOrderReplies' });
  assert.equal(sendDepotCommands?.reply?.address, undefined);
  assert.deepEqual(
    sendDepotCommands?.reply?.messages.map(({ $ref }) => lastOf($ref)),
    replies,
  );
  const depot = documentOf('depot');
  assert.equal(depot.channels.commandReplies?.address, null);
  assert.equal(
    depot.operations.depotCommands?.reply?.address?.location,
    '$message.header#/COMMAND_REPLY_CHANNEL',
  );
  const answers = ['customers', 'depot', 'ordering', 'payments'] as const;
  for (const context of contextNames) {
    const sends = told(context, 'send').filter((each) => each.startsWith('null '));
    const expected = context === 'depot' ? replies : ['am.Success', 'am.Failure'];
    assert.deepEqual(
      sends,
      answers.some((each) => each === context) ? expected.map((name) => `null ${name}`) : [],
    );
  }
  assert.deepEqual(documentOf('cosec').components.messages['am.Success']?.['x-published-by'], answers);
});

test('contexts that publish nothing only take', () => {
  for (const context of ['notifications', 'search'] as const) assert.deepEqual(told(context, 'send'), []);
});

test('headers are those of the kind; those sent promise what is never left out', () => {
  const sent = schemaAt('ordering', 'SentEventHeaders');
  const everywhere = [
    'correlation-id',
    'causation-id',
    'schema-version',
    'traceparent',
    'tracestate',
    'baggage',
  ];
  const aggregate = ['aggregate-name', 'aggregate-id', 'aggregate-version'];
  assert.deepEqual(Object.keys(sent.properties ?? {}), [...aggregate, ...everywhere]);
  assert.deepEqual(sent.required, [...aggregate, 'correlation-id', 'causation-id']);
  const received = schemaAt('ordering', 'ReceivedEventHeaders');
  assert.deepEqual(received.properties, sent.properties);
  assert.equal(received.required, undefined);
  const command = Object.keys(schemaAt('cosec', 'SentCommandHeaders').properties ?? {});
  assert.ok(command.includes('COMMAND_SAGA_ID') && !command.includes('COMMAND_NAME'));
  const { properties } = schemaAt('depot', 'SentReplyHeaders');
  assert.deepEqual(properties?.REPLY_OUTCOME, {
    type: 'string',
    description: 'What became of the command; without it the command failed.',
    enum: ['SUCCESS', 'FAILURE'],
  });
});

test('a payload has each field, but for those that may be missing', () => {
  const changed = schemaAt('stores', 'storespb.ProductPriceChanged');
  assert.deepEqual(Object.keys(changed.properties ?? {}), ['id', 'delta', 'price']);
  assert.deepEqual(changed.required, ['id', 'delta']);
  assert.deepEqual(documentOf('customers').components.messages['am.Success']?.payload, {
    type: 'object',
    description: 'There is no payload.',
    maxProperties: 0,
  });
});

test('the broker is named without who logs in, or not at all', () => {
  const serversFor = (server: string) => asyncApiDocument('stores', { stream: 'mall', server }).servers;
  for (const server of [
    'nats://user:secret@broker.example:4222',
    'broker.example:4222',
    'user@broker.example:4222',
  ]) {
    assert.deepEqual(serversFor(server), { nats: { host: 'broker.example:4222', protocol: 'nats' } });
  }
  assert.equal('servers' in asyncApiDocument('stores', { stream: 'mall' }), false);
});
