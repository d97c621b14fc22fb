/** Read copies of other contexts' data, with the owner asked where one is missing or behind. */
export { Replica, type ReplicaOptions } from './replica.ts';
