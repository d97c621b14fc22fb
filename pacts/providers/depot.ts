import assert from 'node:assert/strict';
import { messages, type Payload } from '../../proto/catalogue.ts';
import { eventually } from '../../services/kernel/testing/index.ts';
import { sentCommand } from '../harness/commands.ts';
import { forgetAll } from '../harness/context.ts';
import { knowsCatalogue, orderIn } from '../harness/orders.ts';
import type { About, Provider } from '../harness/provider.ts';
import type { Stage } from '../harness/stage.ts';

const { depot: commands } = messages;

/** Shopping lists, commanded by the saga and worked on by bots. */
export const depot: Provider = {
  context: 'depot',
  contexts: ['depot'],
  // The lists that wait are those of one interaction.
  forget: (mall) => forgetAll(mall, 'depot'),
  states: {
    'a shopping list was created': (stage, about) => createList(stage, about),
    'a shopping list is available': availableList,
    'a shopping list is assigned': assignedList,
    'a shopping list was completed': async (stage, about) => {
      const path = `/api/depot/shopping/${await assignedList(stage, about)}/complete`;
      assert.equal((await stage.mall.rest('PUT', path, {})).told, '200');
    },
    'the saga asked for a shopping list': async (stage, about) => {
      const list = await wantedList(stage, about);
      const metadata = sentCommand(stage, about);
      await stage.mall.publish(commands.createShoppingListCommand, list, { metadata });
      // The depot gives the id; it is looked up, since asking for it would be a second answer.
      const id = await eventually(async () => {
        const query = 'SELECT id FROM depot.shopping_lists WHERE order_id = $1';
        const [row] = await stage.mall.rows(query, [list.orderId]);
        assert.ok(typeof row?.id === 'string', 'the order has a shopping list');
        return row.id;
      });
      stage.call(about.text('listId'), id);
    },
    'the saga asked to initiate the shopping': (stage, about) =>
      stage.mall.publish(
        commands.initiateShoppingCommand,
        { id: stage.id(about.text('id')) },
        { metadata: sentCommand(stage, about) },
      ),
  },
};

type List = Payload<typeof commands.createShoppingListCommand>;

async function createList(stage: Stage, about: About): Promise<string> {
  const listId = await listOf(stage, await wantedList(stage, about));
  return stage.call(about.text('listId', 'list-id'), listId);
}

async function availableList(stage: Stage, about: About): Promise<string> {
  const id = await createList(stage, about);
  assert.equal((await stage.mall.command(commands.initiateShoppingCommand, { id })).told, 'SUCCESS');
  return id;
}

async function assignedList(stage: Stage, about: About): Promise<string> {
  const id = await availableList(stage, about);
  const answer = await stage.mall.rest('PUT', `/api/depot/shopping/${id}/assign`, { botId: 'bot-id' });
  assert.equal(answer.told, '200');
  return id;
}

/** An order's list, of things that the depot has heard of. */
async function wantedList(stage: Stage, about: About): Promise<List> {
  const { id: orderId, items } = orderIn(stage, about);
  await knowsCatalogue(stage, 'depot');
  return {
    orderId,
    items: items.map(({ productId, storeId, quantity }) => ({ productId, storeId, quantity })),
  };
}

async function listOf(stage: Stage, list: List): Promise<string> {
  const reply = await stage.mall.command(commands.createShoppingListCommand, list);
  assert.equal(reply.told, 'SUCCESS');
  return commands.createdShoppingListReply.codec.decode(reply.payload).id;
}
