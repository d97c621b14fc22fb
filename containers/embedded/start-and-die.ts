import { join } from 'node:path';
import { startNats } from './nats.ts';
import { connected, startPostgres } from './postgres.ts';

/**
 * What a mall that is killed leaves behind, for tests: starts both servers in the folder of the first argument,
 * writes a row, prints the servers' process ids and kills itself.
 */
const [folder = ''] = process.argv.slice(2);
const postgres = await startPostgres({
  place: folder,
  dataFolder: join(folder, 'postgres'),
  logFile: join(folder, 'postgres.log'),
});
const nats = await startNats({
  storeFolder: join(folder, 'nats'),
  pidFile: join(folder, 'nats.pid'),
  logFile: join(folder, 'nats.log'),
});
await connected(postgres.url, (client) => client.query('create table kept as select 42 as answer'));
process.stdout.write(JSON.stringify({ postgres: postgres.pid, nats: nats.pid }));
process.kill(process.pid, 'SIGKILL');
