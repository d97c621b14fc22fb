/** Nine contexts take 45 at most, twice that while two malls share it; the rest is room for tools. */
const maxConnections = 150;

/** A mall's rows are few, and the system keeps their files in memory anyway: the default 128 MB would only hold them twice. */
const sharedBuffers = '16MB';

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
    `shared_buffers=${sharedBuffers}`,
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  return settings.flatMap((setting) => ['-c', setting]);
}
