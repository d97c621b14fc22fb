/** Nine contexts with a pool each, twice while two malls share it, and room for tools. */
const maxConnections = 300;

/** Settings every Postgres of a mall runs with, as arguments; `fast` gives durability up. */
export function postgresSettings({ fast }: { readonly fast: boolean }): string[] {
  const durability = fast ? 'off' : 'on';
  const settings = [
    `max_connections=${maxConnections}`,
    `fsync=${durability}`,
    `synchronous_commit=${durability}`,
    `full_page_writes=${durability}`,
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  return settings.flatMap((setting) => ['-c', setting]);
}
