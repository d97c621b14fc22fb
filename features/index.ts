/*
 * What features of others are written with: cucumber's words, our World and what it waits with. Steps register with the
 * cucumber that runs them, so they have to take its words from here.
 */
export {
  After,
  AfterAll,
  Before,
  BeforeAll,
  DataTable,
  defineParameterType,
  Given,
  Then,
  When,
} from '@cucumber/cucumber';
export type { KnownOrder } from './world/memory.ts';
export {
  basketTotal,
  checkOut,
  fillBasket,
  order,
  orderBecomes,
  type WantedItem,
} from './world/purchase.ts';
export type { Answer } from './world/rest-door.ts';
export type { Seen } from './world/waiting.ts';
export type { MallWorld } from './world/world.ts';
