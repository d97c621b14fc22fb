import {
  type CommandDefinition,
  messages,
  metadataKeys,
  type ReplyDefinition,
} from '../../proto/catalogue.ts';
import { orderIn } from '../harness/orders.ts';
import type { Provider } from '../harness/provider.ts';
import type { Stage } from '../harness/stage.ts';

const { am, customers, depot, ordering, payments } = messages;

/** The saga, whose commands the states answer in place of the contexts. */
export const cosec: Provider = {
  context: 'cosec',
  contexts: ['cosec'],
  states: {
    'an order was created': (stage, about) =>
      stage.mall.publish(ordering.orderCreated, { ...orderIn(stage, about), shoppingId: '' }),
    'the customer was authorized': (stage) => succeed(stage, customers.authorizeCustomer),
    'the customer was refused': (stage, about) =>
      refuse(stage, customers.authorizeCustomer, about.text('reason')),
    'the shopping list was created': (stage, about) =>
      answer(stage, depot.createShoppingListCommand, depot.createdShoppingListReply, {
        payload: { id: stage.id(about.text('id')) },
      }),
    'the shopping list was never answered for': async (stage) => {
      await sent(stage, depot.createShoppingListCommand);
      await stage.mall.rows('UPDATE cosec.sagas SET attempts = 1000, deadline_at = now() WHERE id = $1', [
        stage.id('order-id'),
      ]);
    },
    'the payment was confirmed': (stage) => succeed(stage, payments.confirmPayment),
    'the payment was refused': (stage) => refuse(stage, payments.confirmPayment, 'no money'),
    'the shopping was initiated': (stage) => succeed(stage, depot.initiateShoppingCommand),
    'the approval was refused': (stage) => refuse(stage, ordering.approveOrder, 'it is cancelled'),
  },
};

/** The command of this interaction's saga. */
function sent(stage: Stage, command: CommandDefinition<unknown>) {
  const sagaId = stage.id('order-id');
  return stage.mall.nextMessage(
    command,
    (_payload, { metadata }) => metadata[metadataKeys.commandSagaId] === sagaId,
  );
}

function succeed(stage: Stage, command: CommandDefinition<unknown>): Promise<void> {
  return answer(stage, command, am.success, { payload: {} });
}

function refuse(stage: Stage, command: CommandDefinition<unknown>, reason: string): Promise<void> {
  return answer(stage, command, am.failure, { payload: {}, reason });
}

async function answer<Payload>(
  stage: Stage,
  command: CommandDefinition<unknown>,
  reply: ReplyDefinition<Payload>,
  { payload, reason }: { payload: Payload; reason?: string },
): Promise<void> {
  const { metadata } = await sent(stage, command);
  await stage.mall.reply(reply, payload, {
    [metadataKeys.replySagaId]: stage.id('order-id'),
    [metadataKeys.replySagaName]: metadata[metadataKeys.commandSagaName] ?? '',
    [metadataKeys.replyId]: metadata[metadataKeys.commandId] ?? '',
    [metadataKeys.replyOutcome]: reason === undefined ? 'SUCCESS' : 'FAILURE',
    ...(reason !== undefined && { [metadataKeys.replyErrorMessage]: reason }),
  });
}
