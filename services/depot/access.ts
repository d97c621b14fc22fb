import type { DepotServiceService } from '../../proto/gen/depot/api.ts';
import type { AccessTable } from '../kernel/rpc/index.ts';

/** The lists are the depot's work. */
export const depotAccess: AccessTable<typeof DepotServiceService> = {
  createShoppingList: ['depot'],
  cancelShoppingList: ['depot'],
  assignShoppingList: ['depot'],
  completeShoppingList: ['depot'],
  getShoppingList: ['depot'],
  listAvailableShoppingLists: ['depot'],
};
