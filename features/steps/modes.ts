import assert from 'node:assert/strict';
import { Given, Then, When } from '@cucumber/cucumber';
import { doorsOfRun } from '../world/ground.ts';
import { needed } from '../world/memory.ts';
import { storyOfOrder } from '../world/order-story.ts';
import type { MallWorld } from '../world/world.ts';

Given('the story of my order is known', async function (this: MallWorld) {
  this.memory.seen.set('story', await storyOfOrder(this));
});

When('I go to the mall of the run', function (this: MallWorld) {
  this.moveTo(doorsOfRun(this.parameters));
});

Then('the story of my order is the same', async function (this: MallWorld) {
  assert.equal(await storyOfOrder(this), needed(this.memory.seen.get('story'), 'story of an order before'));
});
