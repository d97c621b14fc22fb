import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { reason } from '../../containers/embedded/index.ts';
import { type Finding, fail, pass } from './finding.ts';

const loopback = '127.0.0.1';
/** A connection within the machine takes microseconds; one that does not come through never does. */
const connectWithinMs = 2_000;

/** Whether this machine reaches itself: in a network namespace whose loopback is down one can listen, and nobody comes. */
export async function loopbackFinding(): Promise<Finding> {
  const server = createServer((socket) => socket.destroy());
  try {
    await once(server.listen(0, loopback), 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const socket = connect(port, loopback);
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(connectWithinMs) });
    } finally {
      socket.destroy();
    }
    return pass(`${loopback} is reached`);
  } catch (error) {
    const next = 'bring it up, for example by `ip link set lo up`: Postgres, NATS and the mall meet there';
    return fail(`${loopback} cannot be reached from here (${reason(error)})`, next);
  } finally {
    server.close();
  }
}
