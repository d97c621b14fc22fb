import type { FigureEntry } from '../figure-entry.ts';

function flat(title: string): FigureEntry {
  return { title: `${title}: pages, times those of a hundredth`, unit: '×', better: 'lower', target: 3 };
}

/** How costs grow; a tree of pages is one or two deeper for a hundred times the rows. */
export const flatFigures = {
  'flat.stream.load': flat('loading an aggregate of 10,000 events'),
  'flat.stream.append': flat('appending to an aggregate of 10,000 events'),
  'flat.store.load': flat('loading an aggregate from 5,000,000 events'),
  'flat.store.append': flat('appending to a store of 5,000,000 events'),
  'flat.backlog.publish': flat('publishing a row of a backlog of 1,000,000'),
  'flat.backlog.commit': flat('leaving a message behind a backlog of 1,000,000'),
  'flat.products.first': flat('the first page of 100,000 products of a store'),
  'flat.products.middle': flat('a page from the middle of 100,000 products'),
  'flat.products.one': flat('one of 100,000 products'),
  'flat.search.newest': flat('the newest of 1,000,000 orders'),
  'flat.search.middle': flat('orders from the middle of 1,000,000'),
  'flat.search.customer': flat("a customer's among 1,000,000 orders"),
  'flat.search.status': flat('orders of a status among 1,000,000'),
  'flat.search.store': flat("a busy store's among 1,000,000 orders"),
  'flat.search.product': flat("a rare product's among 1,000,000 orders"),
} as const satisfies Readonly<Record<string, FigureEntry>>;

export type FlatFigureId = keyof typeof flatFigures;
