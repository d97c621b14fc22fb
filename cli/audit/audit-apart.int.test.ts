import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../../services/kernel/testing/index.ts';
import { type MallApart, startApart } from '../../services/testing/apart.ts';
import { untilQuiet } from './quiet.ts';
import { AuditedGround, type Place } from './testing/audited-ground.ts';
import type { Orders } from './testing/planting.ts';
import { plantings } from './testing/plantings.ts';
import { Shoppers } from './testing/purchases.ts';
import { throughTheGateway } from './testing/through-the-gateway.ts';

/*
 * A mall whose contexts have a database each, at rest. The audit must judge it as one in a single database: of each
 * rule the first of the same violations is planted.
 */
let apart: MallApart;
let place: Place;
let orders: Orders;

before(async () => {
  apart = await startApart();
  place = { ...apart, postgresUrl: apart.adminUrl };
  await apart.stopContext('cosec');
  const cancelled = await shoppers().cancel();
  await apart.startContext('cosec');
  orders = { ...(await shoppers().shop()), cancelled };
  assert.ok(await untilQuiet({ ...place, waitMs: 20_000 }), 'the mall comes to rest');
  await apart.halt();
});
after(() => apart?.stop());

function shoppers(): Shoppers {
  return new Shoppers(throughTheGateway(apart), eventually);
}

test('at rest it is clean, and each rule has had something to check', async () => {
  const { outcomes, violations, moving } = await new AuditedGround(place).audit();
  assert.deepEqual(
    outcomes.flatMap((outcome) => outcome.shown),
    [],
  );
  assert.deepEqual([violations, moving], [0, 0]);
  const idle = outcomes.filter(({ checked }) => checked === 0).map(({ rule }) => rule.id);
  assert.deepEqual(idle, ['no-dead-letters']);
});

const firstOfEachRule = plantings.filter(
  ({ rule }, index) => plantings.findIndex((each) => each.rule === rule) === index,
);

describe('a violation planted in one of nine databases is seen', () => {
  for (const { rule, what, plant, id, says } of firstOfEachRule) {
    test(`${rule}: ${what}`, async () => {
      const { outcomes } = await new AuditedGround(place).auditWith(plant(orders));
      const shown = outcomes.find((each) => each.rule.id === rule)?.shown ?? [];
      const hit = shown.find((violation) => says.test(violation.says));
      assert.ok(hit, `${says} in ${JSON.stringify(shown)}`);
      if (id) assert.ok(hit.ids.includes(id(orders)), `${id(orders)} in ${hit.ids}`);
    });
  }
});
