import type { Check, Sources } from './check.ts';
import type { Findings, Rule } from './findings.ts';

const copiesCurrent: Rule = {
  id: 'copies-current',
  title: "copies equal their owner's data",
  promise: "What contexts keep of other contexts' data is what the owner has.",
  whenQuiet: true,
};

interface Copy {
  readonly table: string;
  readonly owner: string;
  /** Columns that both tables have. */
  readonly columns: readonly string[];
}

const copies: readonly Copy[] = [
  { table: 'baskets.customers_cache', owner: 'customers.customers', columns: ['enabled'] },
  { table: 'baskets.stores_cache', owner: 'stores.stores', columns: ['name', 'participating'] },
  { table: 'baskets.products_cache', owner: 'stores.products', columns: ['store_id', 'name', 'price'] },
  { table: 'depot.stores_cache', owner: 'stores.stores', columns: ['name', 'location'] },
  { table: 'depot.products_cache', owner: 'stores.products', columns: ['store_id', 'name'] },
  { table: 'notifications.customers_cache', owner: 'customers.customers', columns: ['name', 'sms_number'] },
  { table: 'search.customers_cache', owner: 'customers.customers', columns: ['name'] },
  { table: 'search.stores_cache', owner: 'stores.stores', columns: ['name'] },
  { table: 'search.products_cache', owner: 'stores.products', columns: ['store_id', 'name'] },
];

interface DifferenceRow {
  id: string;
  copy_version: number | null;
  owner_version: number | null;
  removed: boolean | null;
  different: string[];
}

/**
 * Copies with the owner's data beside them. A copy's version may be behind: not every change of the owner
 * concerns it. What the owner has removed is gone there and a tombstone here.
 */
export const copyCheck: Check = {
  rules: [copiesCurrent],
  async run(sources, findings) {
    for (const copy of copies) await compare(copy, sources, findings);
  },
};

async function compare({ table, owner, columns }: Copy, { snapshot }: Sources, findings: Findings) {
  const { count } = await snapshot.row<{ count: number }>(`SELECT count(*) AS count FROM ${table}`);
  findings.checked(copiesCurrent, count);
  const unequal = columns.map((name) => `CASE WHEN c.${name} IS DISTINCT FROM o.${name} THEN '${name}' END`);
  const wrong = snapshot.pages<DifferenceRow>(
    `SELECT * FROM (
       SELECT coalesce(c.id, o.id) AS id, c.version AS copy_version, o.version AS owner_version, c.removed,
              array_remove(ARRAY[${unequal.join(', ')}], NULL) AS different
       FROM ${table} c FULL JOIN ${owner} o ON o.id = c.id) AS pairs
     WHERE copy_version IS NULL OR copy_version > owner_version OR removed <> (owner_version IS NULL)
        OR (owner_version IS NOT NULL AND different <> '{}')`,
  );
  for await (const page of wrong) {
    for (const row of page) findings.found(copiesCurrent, [row.id], `${table}: ${sentence(row, owner)}`);
  }
}

function sentence(row: DifferenceRow, owner: string): string {
  if (row.copy_version === null)
    return `the copy is missing, ${owner} has it at version ${row.owner_version}`;
  if (row.owner_version === null) return `${owner} has none`;
  if (row.removed) return `told to be removed, but ${owner} has it`;
  const versions = `version ${row.copy_version} here, ${row.owner_version} there`;
  if (row.different.length === 0) return `ahead of ${owner}: ${versions}`;
  return `${row.different.join(', ')} differ from ${owner} (${versions})`;
}
