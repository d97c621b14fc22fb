import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../../services/kernel/testing/index.ts';
import { type MallApart, startApart } from '../../services/testing/apart.ts';
import { audit } from './audit.ts';
import { untilQuiet } from './quiet.ts';
import type { Place } from './testing/audited-ground.ts';
import { Shoppers } from './testing/purchases.ts';
import { throughTheGateway } from './testing/through-the-gateway.ts';

/*
 * A mall whose contexts have a database each, at work. No two databases are read as of the same moment, and still
 * nothing that is on its way may count as a violation.
 */
let apart: MallApart;
let place: Place;
before(async () => {
  apart = await startApart();
  place = { ...apart, postgresUrl: apart.adminUrl };
});
after(() => apart?.stop());

const AUDITS = 6;
const SHOPPERS = 3;

test('what is on its way is told apart from what is wrong', async () => {
  let open = true;
  const shopping = Promise.all(
    Array.from({ length: SHOPPERS }, async () => {
      while (open) await new Shoppers(throughTheGateway(apart), eventually).shop();
    }),
  );
  let moved = 0;
  try {
    for (let n = 0; n < AUDITS; n++) {
      const { outcomes, moving } = await audit({ ...place, allowDeadLetters: false });
      assert.deepEqual(
        outcomes.flatMap(({ shown }) => shown),
        [],
      );
      moved += moving;
    }
  } finally {
    open = false;
    await shopping;
  }
  assert.ok(moved > 0);
  assert.ok(await untilQuiet({ ...place, waitMs: 20_000 }), 'the mall comes to rest');
  const { violations, moving } = await audit({ ...place, allowDeadLetters: false });
  assert.deepEqual([violations, moving], [0, 0]);
});
