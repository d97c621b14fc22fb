import assert from 'node:assert/strict';
import { type DataTable, Then } from '@cucumber/cucumber';
import { type Trace, tracesOf } from '../../cli/traces/trace-answer.ts';
import type { MallWorld } from '../world/world.ts';

/** The trace of the scenario, once it has all the work that is asked for: it is told a moment after the work. */
async function traced(world: MallWorld, wanted: readonly string[]): Promise<Trace> {
  return world.until<Trace>(`the trace ${world.trace.id} to have ${wanted.join(', ')}`, async () => {
    const [trace] = await tracesOf(world.doors.mall.rest, world.trace.id).catch(() => []);
    if (trace === undefined) return { saw: 'there is no such trace' };
    const seen = workOf(trace);
    const missing = wanted.filter((each) => !seen.includes(each));
    return missing.length === 0 ? { got: trace } : { saw: `missing: ${missing.join(', ')}` };
  });
}

/** Each piece of work as `ordering: process ordersapi.ApproveOrder`, in the order in which it began. */
function workOf({ hops }: Trace): string[] {
  return hops.map(({ service, name }) => `${service}: ${name}`);
}

Then('the trace of my order has, one after the other', async function (this: MallWorld, table: DataTable) {
  const wanted = table.hashes().map(({ Context = '', Work = '' }) => `${Context}: ${Work}`);
  const trace = await traced(this, wanted);
  assert.deepEqual(
    workOf(trace).filter((each) => wanted.includes(each)),
    wanted,
  );
});

Then('the trace of my order knows the order, and that nothing failed', async function (this: MallWorld) {
  const trace = await traced(this, []);
  assert.ok(trace.orders.includes(this.memory.order.id), 'the trace names the order');
  assert.equal(trace.failed, false, 'a piece of work in the trace has failed');
});
