import assert from 'node:assert/strict';
import { Given, Then, When } from '@cucumber/cucumber';
import { runMallCommand } from '../../cli/testing/own-mall.ts';
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

Given('the table {word} is waited for', async function (this: MallWorld, table: string) {
  await this.until(`somebody to wait for ${table}`, async () => {
    const row = await this.inside.row(
      `SELECT pid FROM pg_locks WHERE relation = '${table}'::regclass AND NOT granted`,
    );
    return row === undefined ? { saw: 'nobody does' } : { got: row };
  });
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

/* Sagas by hand. */

async function saga(world: MallWorld, verb: 'retry' | 'abort', ...args: readonly string[]): Promise<void> {
  const { name } = world.doors.mall;
  await runMallCommand(['saga', verb, world.memory.order.id, '--name', name, ...args], {});
}

When('somebody has the command of the saga sent again', async function (this: MallWorld) {
  await saga(this, 'retry');
});

When('somebody turns the saga back, since {string}', async function (this: MallWorld, reason: string) {
  await saga(this, 'abort', '--reason', reason);
});

/** What a saga does in an hour it does in seconds: whenever it waits, its time is up. */
const tooLongMs = 50_000;

When('the saga of my order waits in vain until it needs attention', async function (this: MallWorld) {
  const { id } = this.memory.order;
  await this.until(
    `the saga of order ${id} to need attention`,
    async () => {
      const row = await this.inside.row('SELECT status, reason, attempts FROM cosec.sagas WHERE id = $1', [
        id,
      ]);
      if (row?.status === 'attention') return { got: row };
      await this.inside.rows(
        'UPDATE cosec.sagas SET deadline_at = now() WHERE id = $1 AND deadline_at > now()',
        [id],
      );
      return { saw: `it is ${row?.status} after ${row?.attempts} attempts: "${row?.reason}"` };
    },
    { withinMs: tooLongMs },
  );
});

Then('the saga needs attention, since {string}', async function (this: MallWorld, reason: string) {
  const { id } = this.memory.order;
  const row = await this.inside.row('SELECT status, reason FROM cosec.sagas WHERE id = $1', [id]);
  assert.deepEqual({ ...row }, { status: 'attention', reason });
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
