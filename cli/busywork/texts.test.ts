import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTIVITIES, isOriginal } from './draw.ts';
import { fromCents } from './money.ts';
import { CONSIDERING, TEXTS } from './texts.ts';

test("the texts are the original's, word for word", () => {
  const [price, total] = [fromCents(550), fromCents(2_211)];
  const said = [
    ...ACTIVITIES.filter(isOriginal).map((activity) => CONSIDERING[activity]),
    TEXTS.gettingReady('<name>'),
    TEXTS.adding('<product>', price),
    TEXTS.finishedSettingUp('<name>'),
    TEXTS.doneAddingInventory(),
    TEXTS.noStoreForInventory(),
    TEXTS.noStoreToRebrand(),
    TEXTS.noProductToRebrand(),
    TEXTS.rebrandedStore('<old>', '<new>'),
    TEXTS.rebrandedProduct('<old>', '<new>'),
    TEXTS.noStoresToShopAt(),
    TEXTS.notEnoughStoresToBrowse(),
    TEXTS.notEnoughStoresToBuy(),
    TEXTS.browsing('<store>'),
    TEXTS.mightBuy(3, '<product>', price),
    TEXTS.tooMuch(total),
    TEXTS.isOk(total),
    TEXTS.hardTime('<reason>'),
    TEXTS.quitting(),
  ];
  assert.deepEqual(said, [
    'is considering browsing for new things',
    'is considering buying some things',
    'is considering registering a new account',
    'is considering setting up a new store',
    'is considering adding new inventory',
    'is considering rebranding a store',
    'is considering updating product branding',
    'is getting "<name>" ready',
    'is adding "<product>" for $5.50',
    'has finished setting up "<name>"',
    'is done adding new inventory',
    'has no store to work with',
    'but has no store to work with',
    'but has no product to work with',
    'has rebranded the store "<old>" to "<new>"',
    'has rebranded the product "<old>" to "<new>"',
    'but has no stores to shop at',
    'but not enough stores are available',
    'but not enough store are available',
    'is browsing the items from "<store>"',
    'might buy 3 "<product>" for $5.50 each',
    'thinks $22.11 is too much',
    'is OK with $22.11',
    'is having a hard time. Error: <reason>',
    'Quitting time',
  ]);
});

test('the new texts keep to the style', () => {
  assert.equal(TEXTS.nothingToSell('<store>'), 'but "<store>" has nothing to sell');
  assert.equal(TEXTS.nothingToBuy(), 'but found nothing to buy');
});
