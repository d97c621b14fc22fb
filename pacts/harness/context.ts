import assert from 'node:assert/strict';
import { type ContextName, metadataKeys } from '../../proto/catalogue.ts';
import { eventually, startTestProcess, type TestProcess } from '../../services/kernel/testing/index.ts';
import { mallModules } from '../../services/mall.ts';

/** Starts real contexts, and no others, on a database and a stream of their own. */
export function startContexts(...names: readonly ContextName[]): Promise<TestProcess> {
  return startTestProcess(mallModules().filter(({ name }) => names.includes(name)));
}

/** Has a context forget all it knows, so that the next contract finds it as new. */
export async function forgetAll(mall: TestProcess, context: ContextName): Promise<void> {
  const tables = await mall.rows(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = $1 AND table_type = 'BASE TABLE' AND table_name <> 'migrations'`,
    [context],
  );
  for (const { name } of tables) await mall.rows(`DELETE FROM ${context}.${String(name)}`);
}

/** Waits until a query gives exactly one row, as expected. */
export function rowBecomes(
  mall: TestProcess,
  expected: Readonly<Record<string, unknown>>,
  query: string,
  values: readonly unknown[] = [],
): Promise<void> {
  return eventually(async () => assert.deepEqual(await mall.rows(query, values), [expected]));
}

/** The header by which readers tell newer from older: the aggregate's version the message tells of. */
export function version(value: number): Record<string, string> {
  return { [metadataKeys.aggregateVersion]: String(value) };
}
