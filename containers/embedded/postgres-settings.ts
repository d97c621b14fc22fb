/** Nine contexts with a pool each, twice while two malls share it, and room for tools. */
const maxConnections = 300;

/**
 * Settings every Postgres of a mall runs with, as arguments. `fast` waits for no disk: what was committed outlives a
 * killed server, as it is in Docker when a mall is killed and its containers with it, but no machine that loses power.
 */
export function postgresSettings({ fast }: { readonly fast: boolean }): string[] {
  const durability = fast ? 'off' : 'on';
  const settings = [
    `max_connections=${maxConnections}`,
    `fsync=${durability}`,
    'synchronous_commit=on',
    `full_page_writes=${durability}`,
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  return settings.flatMap((setting) => ['-c', setting]);
}
