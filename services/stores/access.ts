import type { StoresServiceService } from '../../proto/gen/stores/api.ts';
import type { AccessTable } from '../kernel/rpc/index.ts';

/** The catalogue is public. A store does not say whose it is, so every store owner may change every store. */
export const storesAccess: AccessTable<typeof StoresServiceService> = {
  createStore: ['store-owner'],
  enableParticipation: ['store-owner'],
  disableParticipation: ['store-owner'],
  rebrandStore: ['store-owner'],
  getStore: 'anybody',
  getStores: 'anybody',
  getParticipatingStores: 'anybody',
  addProduct: ['store-owner'],
  rebrandProduct: ['store-owner'],
  increaseProductPrice: ['store-owner'],
  decreaseProductPrice: ['store-owner'],
  removeProduct: ['store-owner'],
  getProduct: 'anybody',
  getCatalog: 'anybody',
};
