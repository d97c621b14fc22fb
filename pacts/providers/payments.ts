import assert from 'node:assert/strict';
import { messages } from '../../proto/catalogue.ts';
import { PaymentsServiceService } from '../../proto/gen/payments/api.ts';
import { sentCommand } from '../harness/commands.ts';
import type { About, Provider } from '../harness/provider.ts';
import type { Stage } from '../harness/stage.ts';

/** Payments and invoices, by their doors, and their answers to the saga. */
export const payments: Provider = {
  context: 'payments',
  contexts: ['payments'],
  states: {
    'a payment was authorized': async (stage, about) => {
      const payment = { customerId: stage.id(about.text('customerId')), amount: about.number('amount') };
      stage.call(about.text('id'), await stage.mall.created('/api/payments', payment));
    },
    'an invoice was made': makeInvoice,
    'an invoice was paid': async (stage, about) => {
      const id = await makeInvoice(stage, about);
      assert.equal((await stage.mall.rest('PUT', `/api/payments/invoices/${id}/pay`, {})).told, '200');
    },
    'the saga asked to confirm the payment': (stage, about) =>
      stage.mall.publish(
        messages.payments.confirmPayment,
        {
          id: stage.id(about.text('id')),
          amount: about.number('amount'),
          orderId: stage.id(about.text('orderId')),
          customerId: stage.id(about.text('customerId')),
        },
        { metadata: sentCommand(stage, about) },
      ),
  },
};

async function makeInvoice(stage: Stage, about: About): Promise<string> {
  const { id } = await stage.mall.call(PaymentsServiceService.createInvoice, {
    orderId: stage.id(about.text('orderId')),
    paymentId: stage.id('payment-id'),
    amount: 29.97,
  });
  return stage.call(about.text('id'), id);
}
