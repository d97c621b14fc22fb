import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistry, fromBinary, toJson } from '@bufbuild/protobuf';
import { descriptors } from './descriptors.ts';
import { AddItemRequest, BasketServiceService, RemoveItemRequest } from './gen/baskets/api.ts';
import { BasketCheckedOut } from './gen/baskets/events.ts';
import { ErrorType } from './gen/errors/error_type.ts';
import { Status } from './gen/google/rpc/status.ts';
import { CommandMessageData, EventMessageData, ReplyMessageData } from './gen/messaging/message_data.ts';
import { StreamMessage } from './gen/messaging/stream_message.ts';
import { ConfirmPayment } from './gen/payments/messages.ts';
import { Order, SearchOrdersRequest } from './gen/search/api.ts';
import type { MessageCodec } from './message-definition.ts';

/*
 * Bytes put together here by the rules of the protobuf encoding from the documented numbers and types,
 * without any generated code: what other implementations send, and what they must be able to read.
 */

function varint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

const int = (number: number, value: number | bigint) => [number * 8, ...varint(value)];
const bytes = (number: number, value: Iterable<number>) => {
  const content = [...value];
  return [number * 8 + 2, ...varint(content.length), ...content];
};
const text = (number: number, value: string) => bytes(number, Buffer.from(value));
const double = (number: number, value: number) => {
  const content = Buffer.alloc(8);
  content.writeDoubleLE(value);
  return [number * 8 + 1, ...content];
};

/** 2023-11-14T22:13:20.125Z as google.protobuf.Timestamp. */
const time = new Date(1_700_000_000_125);
const timestamp = [...int(1, 1_700_000_000), ...int(2, 125_000_000)];

function same<T>(codec: MessageCodec<T>, wire: readonly number[], message: T): void {
  assert.deepEqual(codec.decode(Uint8Array.from(wire)), message);
  assert.deepEqual([...codec.encode(message).finish()], wire);
}

test('StreamMessage', () => {
  const entry = [...text(1, 'REPLY_OUTCOME'), ...bytes(2, text(3, 'SUCCESS'))];
  same(
    StreamMessage,
    [
      ...text(1, 'm1'),
      ...text(2, 'am.Success'),
      ...bytes(3, [1, 2, 3]),
      ...bytes(4, bytes(1, entry)),
      ...bytes(5, timestamp),
    ],
    {
      id: 'm1',
      name: 'am.Success',
      data: Buffer.of(1, 2, 3),
      metadata: { REPLY_OUTCOME: 'SUCCESS' },
      sentAt: time,
    },
  );
});

test('EventMessageData, CommandMessageData and ReplyMessageData are shaped alike', () => {
  for (const codec of [EventMessageData, CommandMessageData, ReplyMessageData]) {
    same(codec, [...bytes(1, [255, 0]), ...bytes(2, timestamp)], {
      payload: Buffer.of(255, 0),
      occurredAt: time,
    });
    same(codec, bytes(2, timestamp), { payload: Buffer.alloc(0), occurredAt: time });
  }
});

test('AddItemRequest and RemoveItemRequest use 3 and 4, and ignore a 2', () => {
  const wire = [...text(1, 'b1'), ...text(3, 'p1'), ...int(4, 300)];
  for (const codec of [AddItemRequest, RemoveItemRequest]) {
    same(codec, wire, { id: 'b1', productId: 'p1', quantity: 300 });
    assert.equal(codec.decode(Uint8Array.from([...text(2, 'stray'), ...wire])).productId, 'p1');
  }
});

test('a negative int32 takes ten bytes', () => {
  same(AddItemRequest, int(4, BigInt.asUintN(64, -1n)), { id: '', productId: '', quantity: -1 });
});

test('BasketCheckedOut', () => {
  const item = [
    ...text(1, 's1'),
    ...text(2, 'p1'),
    ...text(3, 'Store'),
    ...text(4, 'Café au lait'),
    ...double(5, 9.99),
    ...int(6, 2),
  ];
  const line = {
    storeId: 's1',
    productId: 'p1',
    storeName: 'Store',
    productName: 'Café au lait',
    price: 9.99,
    quantity: 2,
  };
  same(
    BasketCheckedOut,
    [...text(1, 'b1'), ...text(2, 'c1'), ...text(3, 'pay1'), ...bytes(4, item), ...bytes(4, item)],
    { id: 'b1', customerId: 'c1', paymentId: 'pay1', items: [line, line] },
  );
});

test('ConfirmPayment, as the original sends it and as we do', () => {
  const original = [...text(1, 'pay1'), ...double(2, 19.98)];
  same(ConfirmPayment, original, { id: 'pay1', amount: 19.98, orderId: '', customerId: '' });
  same(ConfirmPayment, [...original, ...text(3, 'o1'), ...text(4, 'c1')], {
    id: 'pay1',
    amount: 19.98,
    orderId: 'o1',
    customerId: 'c1',
  });
});

test('SearchOrdersRequest with every filter', () => {
  const filters = [
    ...text(1, 'c1'),
    ...bytes(2, timestamp),
    ...bytes(3, timestamp),
    ...text(4, 's1'),
    ...text(4, 's2'),
    ...text(5, 'p1'),
    ...double(6, 1.5),
    ...double(7, 99),
    ...text(8, 'approved'),
  ];
  same(SearchOrdersRequest, [...bytes(1, filters), ...text(2, 'cursor'), ...int(3, 50)], {
    filters: {
      customerId: 'c1',
      after: time,
      before: time,
      storeIds: ['s1', 's2'],
      productIds: ['p1'],
      minTotal: 1.5,
      maxTotal: 99,
      status: 'approved',
    },
    next: 'cursor',
    limit: 50,
  });
  same(SearchOrdersRequest, [], { filters: undefined, next: '', limit: 0 });
});

test('the quantity of a found order is 64 bits wide', () => {
  const decoded = Order.decode(Uint8Array.from(bytes(4, int(6, 2n ** 53n + 1n))));
  assert.equal(decoded.items[0]?.quantity, 2n ** 53n + 1n);
});

test('ErrorType as a detail of a gRPC status', () => {
  const error = [...text(1, 'NOT_FOUND'), ...int(2, 404), ...int(3, 5)];
  same(ErrorType, error, { TypeCode: 'NOT_FOUND', HTTPCode: 404n, GRPCCode: 5n });
  const typeUrl = 'type.googleapis.com/errors.ErrorType';
  same(Status, [...int(1, 5), ...text(2, 'gone'), ...bytes(3, [...text(1, typeUrl), ...bytes(2, error)])], {
    code: 5,
    message: 'gone',
    details: [{ typeUrl, value: Buffer.from(error) }],
  });
});

test('a status in JSON keeps the capitals of the detail and writes int64 as text', () => {
  const error = Buffer.from(
    ErrorType.encode({ TypeCode: 'BAD_REQUEST', HTTPCode: 400n, GRPCCode: 3n }).finish(),
  );
  const details = [{ typeUrl: 'type.googleapis.com/errors.ErrorType', value: error }];
  const schema = descriptors().getMessage('google.rpc.Status') ?? assert.fail();
  const status = fromBinary(schema, Status.encode({ code: 3, message: 'no items', details }).finish());
  assert.deepEqual(toJson(schema, status, { registry: createRegistry(descriptors()) }), {
    code: 3,
    message: 'no items',
    details: [
      {
        '@type': 'type.googleapis.com/errors.ErrorType',
        TypeCode: 'BAD_REQUEST',
        HTTPCode: '400',
        GRPCCode: '3',
      },
    ],
  });
});

test('RPCs are called by the original paths', () => {
  assert.equal(BasketServiceService.addItem.path, '/basketspb.BasketService/AddItem');
});
