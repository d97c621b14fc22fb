import { contextNames } from '../../proto/contexts.ts';

/** How many ports the processes behind the gateway listen on: REST and gRPC of each context. */
export const servicePortCount = 2 * contextNames.length;
