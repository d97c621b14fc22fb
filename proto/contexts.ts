/** The bounded contexts of the mall, in alphabetical order. */
export const contextNames = [
  'baskets',
  'cosec',
  'customers',
  'depot',
  'notifications',
  'ordering',
  'payments',
  'search',
  'stores',
] as const;

export type ContextName = (typeof contextNames)[number];
