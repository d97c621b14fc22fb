import assert from 'node:assert/strict';
import { Then, When } from '@cucumber/cucumber';
import { CustomersServiceService } from '../../proto/gen/customers/api.ts';
import { OrderingServiceService } from '../../proto/gen/ordering/api.ts';
import type { RemoteMethod } from '../world/grpc-door.ts';
import type { MallWorld } from '../world/world.ts';

/** Statuses as REST has them, so that one step judges the answers of both doors. */
const httpStatus: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
};

/** Calls the gRPC door and remembers the answer for the steps that judge it; answers it where there is one. */
export async function askOverGrpc<Request, Response>(
  world: MallWorld,
  what: string,
  method: RemoteMethod<Request, Response>,
  request: Request,
): Promise<Response | undefined> {
  const sentAt = performance.now();
  const answer = await world.doors.grpc.call(method, request, world.headers);
  const [status, message, body] = answer.ok
    ? [200, '', answer.response]
    : [httpStatus[answer.code] ?? 500, answer.message, { code: answer.code }];
  world.memory.last = { what, answer: { status, message, body, headers: new Headers(), sentAt } };
  return answer.ok ? answer.response : undefined;
}

When('the mall asks whether I may order', async function (this: MallWorld) {
  const request = { id: this.memory.customerId };
  await askOverGrpc(this, 'authorize a customer', CustomersServiceService.authorizeCustomer, request);
});

When('the mall asks whether {string} may order', async function (this: MallWorld, id: string) {
  await askOverGrpc(this, 'authorize a customer', CustomersServiceService.authorizeCustomer, { id });
});

Then('I may order', function (this: MallWorld) {
  const { what, answer } = this.memory.last;
  assert.deepEqual([what, answer.status, answer.message], ['authorize a customer', 200, '']);
});

When('somebody readies my order by hand', async function (this: MallWorld) {
  const request = { id: this.memory.order.id };
  await askOverGrpc(this, 'ready an order', OrderingServiceService.readyOrder, request);
});

When(
  'somebody completes my order by hand with the invoice {string}',
  async function (this: MallWorld, invoiceId: string) {
    const request = { id: this.memory.order.id, invoiceId };
    await askOverGrpc(this, 'complete an order', OrderingServiceService.completeOrder, request);
  },
);
