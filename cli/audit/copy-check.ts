import type { ContextName } from '../../proto/contexts.ts';
import type { Check, Sources } from './check.ts';
import type { Findings, Rule } from './findings.ts';

const copiesCurrent: Rule = {
  id: 'copies-current',
  title: "copies equal their owner's data",
  promise: "What contexts keep of other contexts' data is what the owner has.",
  whenQuiet: true,
};

interface Copy {
  readonly context: ContextName;
  readonly table: string;
  readonly owner: ContextName;
  /** The owner's table. */
  readonly original: string;
  /** Columns that both tables have. */
  readonly columns: readonly string[];
}

/** Whose data is kept where. */
const customers = { owner: 'customers', original: 'customers.customers' } as const;
const stores = { owner: 'stores', original: 'stores.stores' } as const;
const products = { owner: 'stores', original: 'stores.products' } as const;

const copies: readonly Copy[] = [
  { context: 'baskets', table: 'baskets.customers_cache', ...customers, columns: ['enabled'] },
  { context: 'baskets', table: 'baskets.stores_cache', ...stores, columns: ['name', 'participating'] },
  {
    context: 'baskets',
    table: 'baskets.products_cache',
    ...products,
    columns: ['store_id', 'name', 'price'],
  },
  { context: 'depot', table: 'depot.stores_cache', ...stores, columns: ['name', 'location'] },
  { context: 'depot', table: 'depot.products_cache', ...products, columns: ['store_id', 'name'] },
  {
    context: 'notifications',
    table: 'notifications.customers_cache',
    ...customers,
    columns: ['name', 'sms_number'],
  },
  { context: 'search', table: 'search.customers_cache', ...customers, columns: ['name'] },
  { context: 'search', table: 'search.stores_cache', ...stores, columns: ['name'] },
  { context: 'search', table: 'search.products_cache', ...products, columns: ['store_id', 'name'] },
];

interface OwnerRow {
  id: string;
  version: number;
  /** The columns in their order, as text. */
  columns: (string | null)[];
}

interface CopyRow extends OwnerRow {
  removed: boolean;
}

/**
 * Copies beside the owner's data, which may lie in another database, a page at a time. A copy's version may be behind:
 * not every change of the owner concerns it. What the owner has removed is gone there and a tombstone here.
 */
export const copyCheck: Check = {
  rules: [copiesCurrent],
  async run(sources, findings) {
    for (const copy of copies) {
      await compare(copy, sources, findings);
      await findMissing(copy, sources, findings);
    }
  },
};

async function compare(copy: Copy, { snapshots }: Sources, findings: Findings): Promise<void> {
  const { context, table, owner, original, columns } = copy;
  const texts = `ARRAY[${columns.map((name) => `${name}::text`).join(', ')}] AS columns`;
  const rows = snapshots.of(context).pages<CopyRow>(`SELECT id, version, removed, ${texts} FROM ${table}`);
  for await (const page of rows) {
    findings.checked(copiesCurrent, page.length);
    const owned = await snapshots
      .of(owner)
      .rows<OwnerRow>(`SELECT id, version, ${texts} FROM ${original} WHERE id = ANY ($1)`, [
        page.map(({ id }) => id),
      ]);
    const known = new Map(owned.map((row) => [row.id, row]));
    for (const row of page) {
      const complaint = complaintAbout(row, known.get(row.id), copy);
      if (complaint !== undefined) findings.found(copiesCurrent, [row.id], `${table}: ${complaint}`);
    }
  }
}

async function findMissing(copy: Copy, { snapshots }: Sources, findings: Findings): Promise<void> {
  const { context, table, owner, original } = copy;
  const rows = snapshots
    .of(owner)
    .pages<{ id: string; version: number }>(`SELECT id, version FROM ${original}`);
  for await (const page of rows) {
    const missing = await snapshots.of(context).rows<{ n: number }>(
      `SELECT o.n FROM unnest($1::text[]) WITH ORDINALITY AS o(id, n)
       WHERE NOT EXISTS (SELECT 1 FROM ${table} c WHERE c.id = o.id)`,
      [page.map(({ id }) => id)],
    );
    for (const row of missing.flatMap(({ n }) => page[n - 1] ?? [])) {
      const says = `the copy is missing, ${original} has it at version ${row.version}`;
      findings.found(copiesCurrent, [row.id], `${table}: ${says}`);
    }
  }
}

function complaintAbout(
  copy: CopyRow,
  owned: OwnerRow | undefined,
  { original, columns }: Copy,
): string | undefined {
  if (owned === undefined) return copy.removed ? undefined : `${original} has none`;
  if (copy.removed) return `told to be removed, but ${original} has it`;
  const versions = `version ${copy.version} here, ${owned.version} there`;
  const different = columns.filter((_, index) => copy.columns[index] !== owned.columns[index]);
  if (different.length > 0) return `${different.join(', ')} differ from ${original} (${versions})`;
  return copy.version > owned.version ? `ahead of ${original}: ${versions}` : undefined;
}
