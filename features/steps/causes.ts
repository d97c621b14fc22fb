import assert from 'node:assert/strict';
import { type DataTable, Then } from '@cucumber/cucumber';
import { messages, metadataKeys } from '../../proto/catalogue.ts';
import type { LoggedMessage, MessageLog } from '../world/message-log.ts';
import type { MallWorld } from '../world/world.ts';

/** The messages of the story that an order is part of: all share the correlation id its creation has. */
async function storyOf(world: MallWorld): Promise<{ log: MessageLog; correlationId: string }> {
  const log = await world.inside.messages();
  const { id } = world.memory.order;
  const created = await world.until<LoggedMessage>(`order ${id} to be told of`, async () => {
    const found = log.about(id).find(({ name }) => name === messages.ordering.orderCreated.name);
    return found === undefined ? { saw: 'nothing was published' } : { got: found };
  });
  return { log, correlationId: created.metadata[metadataKeys.correlationId] ?? '' };
}

/** Waits until each name is among the messages a look finds. */
async function untilAll(
  world: MallWorld,
  names: readonly string[],
  look: () => readonly LoggedMessage[],
): Promise<readonly LoggedMessage[]> {
  return world.until<readonly LoggedMessage[]>(`${names.join(', ')} to be published`, async () => {
    const found = look();
    const missing = wanting(names, found);
    return missing.length === 0 ? { got: found } : { saw: `missing: ${missing.join(', ')}` };
  });
}

/** Names that come less often among the messages than they are wanted. */
function wanting(names: readonly string[], found: readonly LoggedMessage[]): string[] {
  const left = found.map(({ name }) => name);
  return names.filter((name) => {
    const at = left.indexOf(name);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function onceEach(names: readonly string[], found: readonly LoggedMessage[]): void {
  for (const name of new Set(names)) {
    const expected = names.filter((each) => each === name).length;
    const seen = found.filter((message) => message.name === name);
    assert.equal(seen.length, expected, `${name} was published ${seen.length} times`);
    assert.equal(new Set(seen.map(({ id }) => id)).size, expected, `messages ${name} with ids of their own`);
  }
}

const column = (table: DataTable) => table.raw().map(([name = '']) => name);

Then(
  'because of this order these messages were published, each exactly once',
  async function (this: MallWorld, table: DataTable) {
    const names = column(table);
    const { log, correlationId } = await storyOf(this);
    onceEach(names, await untilAll(this, names, () => log.of(correlationId)));
  },
);

Then(
  'because of this order these messages were published, one after the other',
  async function (this: MallWorld, table: DataTable) {
    const names = column(table);
    const { log, correlationId } = await storyOf(this);
    const found = await untilAll(this, names, () => log.of(correlationId));
    const wanted = new Set(names);
    const seen = found.filter(({ name }) => wanted.has(name)).map(({ name }) => name);
    assert.deepEqual(seen, names);
  },
);

Then('because of this order no {word} was published', async function (this: MallWorld, name: string) {
  const { log, correlationId } = await storyOf(this);
  assert.deepEqual(
    log.of(correlationId).filter((message) => message.name === name),
    [],
  );
});

Then('about this order was published, in this order', async function (this: MallWorld, table: DataTable) {
  const names = column(table);
  const log = await this.inside.messages();
  const { id } = this.memory.order;
  const ofOrders = () => log.about(id).filter(({ subject }) => subject.endsWith('.ordering.events.Order'));
  const found = await untilAll(this, names, ofOrders);
  assert.deepEqual(
    found.map(({ name }) => name),
    names,
  );
  const versions = found.map(({ metadata }) => Number(metadata[metadataKeys.aggregateVersion]));
  assert.deepEqual(
    versions,
    versions.map((_, index) => index + 1),
    'each event of the order has the next version',
  );
});

/** Back from a message to what caused it, and on to the first cause. */
function causesOf(log: MessageLog, message: LoggedMessage): string[] {
  const names: string[] = [];
  const met = new Set<string>();
  for (let at: LoggedMessage | undefined = message; at !== undefined && !met.has(at.id); ) {
    met.add(at.id);
    names.push(at.name);
    at = log.withId(at.metadata[metadataKeys.causationId] ?? '');
  }
  return names;
}

Then(
  '{word} came of these causes, the last one first',
  async function (this: MallWorld, name: string, table: DataTable) {
    const { log, correlationId } = await storyOf(this);
    const [message] = (await untilAll(this, [name], () => log.of(correlationId))).filter(
      (each) => each.name === name,
    );
    assert.ok(message);
    assert.deepEqual(causesOf(log, message).slice(1), column(table));
  },
);

Then('all messages of this order are of the trace of my checkout', async function (this: MallWorld) {
  const { log, correlationId } = await storyOf(this);
  const traces = log
    .of(correlationId)
    .map(({ metadata }) => metadata[metadataKeys.traceparent]?.split('-')[1]);
  assert.ok(traces.length > 0);
  assert.deepEqual([...new Set(traces)], [this.trace.id]);
});

Then(
  '{word} was told of the product {string}',
  async function (this: MallWorld, name: string, product: string) {
    const log = await this.inside.messages();
    const id = this.memory.productId(product);
    await untilAll(this, [name], () => log.about(id));
  },
);

Then(
  '{word} was told of the product {string} with',
  async function (this: MallWorld, name: string, product: string, table: DataTable) {
    const log = await this.inside.messages();
    const id = this.memory.productId(product);
    const found = (await untilAll(this, [name], () => log.about(id))).filter((each) => each.name === name);
    const content = new Map(Object.entries(found.at(-1)?.content ?? {}));
    const expected = Object.entries(table.rowsHash());
    assert.deepEqual(
      expected.map(([key]) => [key, String(content.get(key))]),
      expected,
    );
  },
);

Then(
  'no {word} was told of the product {string}',
  async function (this: MallWorld, name: string, product: string) {
    const log = await this.inside.messages();
    const id = this.memory.productId(product);
    await untilAll(this, [messages.stores.productAdded.name], () => log.about(id));
    assert.equal(log.about(id).filter((each) => each.name === name).length, 0);
  },
);

Then('{word} was told of me once', async function (this: MallWorld, name: string) {
  const log = await this.inside.messages();
  const found = await untilAll(this, [name], () => log.about(this.memory.customerId));
  onceEach([name], found);
});

Then('{word} was told of my basket once', async function (this: MallWorld, name: string) {
  const log = await this.inside.messages();
  const found = await untilAll(this, [name], () => log.about(this.memory.basketId));
  onceEach([name], found);
});
