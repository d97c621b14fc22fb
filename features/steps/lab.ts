import { Given, Then, When } from '@cucumber/cucumber';
import { whyOrderWaits } from '../world/why.ts';
import type { MallWorld } from '../world/world.ts';

Given('nothing reaches {string}', async function (this: MallWorld, consumer: string) {
  await this.lab.hold(consumer);
});

When('{string} is reached again', async function (this: MallWorld, consumer: string) {
  await this.lab.letGo(consumer);
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
