/** Words the whole domain shares: deciders, errors, money, ids. Pure; imports nothing. */
export * from './decider.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './money.ts';
export * from './quantity.ts';
export * from './text.ts';
