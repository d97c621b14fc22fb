/**
 * Corrections that would refuse what the original's own clients do. Each is off unless asked for:
 * `participation` (row B5), `customers` (row B6), `skus` (row T5), `uuids` (row X13).
 */
export const strictRules = ['participation', 'customers', 'skus', 'uuids'] as const;

export type StrictRule = (typeof strictRules)[number];

export type StrictRules = ReadonlySet<StrictRule>;
