import { type MallApi, mallApi } from '../../cli/busywork/api.ts';
import { openDoor } from '../../cli/busywork/door.ts';
import { createSender } from '../../cli/busywork/sender.ts';
import { newTrace } from '../../cli/busywork/trace.ts';

const performanceClock = { elapsed: () => performance.now() };

/** Has the simulator's client make a call at an address. */
export async function calling<T>(url: string, call: (mall: MallApi) => Promise<T>): Promise<T> {
  const door = openDoor({ host: new URL(url).host, connections: 1, timeoutMs: 10_000 });
  const send = createSender({ door, clock: performanceClock, record: () => undefined });
  try {
    const { signal } = new AbortController();
    return await call(mallApi(send, { trace: newTrace({ sampled: false }), signal }));
  } finally {
    await door.close();
  }
}
