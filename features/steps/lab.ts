import { Given, Then, When } from '@cucumber/cucumber';
import { DeskDatabase } from '../../cli/desks/desk-database.ts';
import { Sagas } from '../../cli/desks/sagas.ts';
import { whyOrderWaits } from '../world/why.ts';
import type { MallWorld } from '../world/world.ts';

Given('nothing reaches {string}', async function (this: MallWorld, consumer: string) {
  await this.lab.hold(consumer);
});

When('{string} is reached again', async function (this: MallWorld, consumer: string) {
  await this.lab.letGo(consumer);
});

Given('nobody can use the table {word}', async function (this: MallWorld, table: string) {
  await this.lab.lock(table);
});

When('the table {word} can be used again', async function (this: MallWorld, table: string) {
  await this.lab.unlock(table);
});

When('the mall crashes', async function (this: MallWorld) {
  await this.lab.crash();
});

When('the mall is stopped', async function (this: MallWorld) {
  await this.lab.stop();
});

When('the mall comes back', async function (this: MallWorld) {
  await this.lab.comeBack();
});

Given(/^the saga of my order waits for (\w[\w ]*)$/, async function (this: MallWorld, step: string) {
  const { id } = this.memory.order;
  await this.until(
    `the saga of order ${id} to wait for "${step}"`,
    async () => {
      const row = await this.inside.row(
        `SELECT s.status, o.metadata ->> 'COMMAND_STEP' AS step FROM cosec.sagas s
         JOIN cosec.outbox o ON o.metadata ->> 'COMMAND_ID' = s.command_id WHERE s.id = $1`,
        [id],
      );
      if (row?.status === 'running' && row.step === step) return { got: row };
      return { saw: row === undefined ? 'there is none' : `it is ${row.status} at "${row.step}"` };
    },
    { explain: () => whyOrderWaits(this.doors, id) },
  );
});

Then('the saga of my order still waits', async function (this: MallWorld) {
  const { id } = this.memory.order;
  const row = await this.inside.row('SELECT status FROM cosec.sagas WHERE id = $1', [id]);
  if (row?.status !== 'running') throw new Error(`the saga of order ${id} is ${row?.status}`);
});

/* Sagas by hand, as `mall saga` does it. */

async function desk(
  world: MallWorld,
  work: (sagas: Sagas, saga: Awaited<ReturnType<Sagas['get']>>) => Promise<void>,
): Promise<void> {
  await DeskDatabase.use(world.inside.addresses, async (database) => {
    const sagas = new Sagas(database, 'cosec.CreateOrder');
    await work(sagas, await sagas.get(world.memory.order.id));
  });
}

When('somebody has the command of the saga sent again', async function (this: MallWorld) {
  await desk(this, (sagas, saga) => sagas.retry(saga, saga.reason));
});

When('somebody turns the saga back, since {string}', async function (this: MallWorld, reason: string) {
  await desk(this, (sagas, saga) => sagas.abort(saga, reason));
});

Then(
  '{word} has been sent {int} times for my order',
  async function (this: MallWorld, name: string, times: number) {
    const log = await this.inside.messages();
    const { id } = this.memory.order;
    await this.until(`${name} to be sent ${times} times`, async () => {
      const sent = log.ofSaga(id).filter((each) => each.name === name).length;
      return sent === times ? { got: sent } : { saw: `it was sent ${sent} times`, hopeless: sent > times };
    });
  },
);
