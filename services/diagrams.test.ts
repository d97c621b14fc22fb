import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allMessages, type ConsumerGroup, consumerGroups, contextNames } from '../proto/catalogue.ts';
import { restDocuments } from '../proto/rest-documents.ts';
import { type CreateOrderData, createOrderSaga } from './cosec/create-order-saga.ts';
import { id, moneyFromNumber } from './kernel/domain/index.ts';

/* The diagrams of the documents, held against the code. */
function diagram(file: string, first: string): string {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const found = [...text.matchAll(/^```mermaid\n(.*?)^```$/gms)].find(([, code]) => code?.startsWith(first));
  return found?.[1] ?? assert.fail(`${file} has no ${first}`);
}

test('the house has all contexts, those with a REST door among themselves', () => {
  const house = diagram('../README.md', 'flowchart');
  const within = (name: string) =>
    [
      ...(new RegExp(`subgraph ${name} .*?\n(.*?)^  end`, 'ms').exec(house)?.[1] ?? '').matchAll(
        /^\s+(\w+)/gm,
      ),
    ]
      .map(([, context]) => context)
      .sort();
  const doors = Object.keys(restDocuments).sort();
  assert.deepEqual(within('doors'), doors);
  assert.deepEqual(
    within('inner'),
    contextNames.filter((name) => !doors.includes(name)),
  );
});

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly what: string;
  readonly isReply: boolean;
}

const sequence = diagram('README.md', 'sequenceDiagram');

function arrows(text: string): Arrow[] {
  const who = new Map(
    [...sequence.matchAll(/participant (\w+) as (\w+)/g)].map(([, short = '', name = '']) => [short, name]),
  );
  return [...text.matchAll(/^\s+(\w+)(--?>>)(\w+): (\w+)$/gm)].map(
    ([, from = '', line, to = '', what = '']) => ({
      from: who.get(from) ?? from,
      to: who.get(to) ?? to,
      what,
      isReply: line === '-->>',
    }),
  );
}

/** `depotapi.CreateShoppingListCommand` as people say it. */
const spoken = (name: string) => name.replace(/^\w+\./, '').replace(/(Command|Reply)$/, '');

const [onward = '', undoing = ''] = sequence.split(/^ {2}opt .*$/m);

test('each arrow is a message of the catalogue, from who sends it to who takes it', () => {
  const groups: readonly ConsumerGroup[] = Object.values(consumerGroups);
  for (const { from, to, what, isReply } of arrows(sequence)) {
    const message =
      allMessages.find(({ name }) => spoken(name) === what) ?? assert.fail(`${what} is no message`);
    assert.equal(message.kind === 'reply', isReply, what);
    assert.ok(message.publisher === undefined || message.publisher === from, `${from} sends no ${what}`);
    const takers = groups.filter(({ messages }) => messages.includes(message)).map(({ context }) => context);
    assert.ok(
      takers.some((context) => context === to),
      `${to} takes no ${what}`,
    );
  }
});

test('the saga asks for its steps in their order, and undoes them in the other', () => {
  const data: CreateOrderData = {
    ...{ orderId: id('order'), customerId: id('customer'), paymentId: id('payment'), shoppingId: id('list') },
    ...{ items: [], total: moneyFromNumber(1, 'the total'), reason: 'a reason' },
  };
  const asked = (text: string) =>
    arrows(text)
      .filter(({ from, isReply }) => from === 'cosec' && !isReply)
      .map(({ what }) => what);
  const { steps } = createOrderSaga;
  const said = (publications: readonly ({ definition: { name: string } } | undefined)[]) =>
    publications.flatMap((each) => (each === undefined ? [] : [spoken(each.definition.name)]));
  assert.deepEqual(asked(onward), said(steps.map(({ action }) => action?.(data))));
  assert.deepEqual(asked(undoing), said(steps.map(({ compensation }) => compensation?.(data)).reverse()));
});
