import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { programBeside } from '../../containers/embedded/index.ts';

/** What the process that reads is to do; JSON. */
export const readsTask = z.object({
  door: z.enum(['rest', 'grpc']),
  restUrl: z.string(),
  grpcAddress: z.string(),
  /** Stores, read in turn. */
  ids: z.array(z.string()).min(1),
  count: z.object({
    warmUp: z.number(),
    saturated: z.number(),
    settleSeconds: z.number(),
    seconds: z.number(),
  }),
});

export type ReadsTask = z.infer<typeof readsTask>;

const readsResult = z.object({
  /** Reads a second, 32 in flight. */
  perSecond: z.number(),
  /** Reads for a second of a core of the mall's process. */
  perCore: z.number(),
  /** In ms, with half as many a second. */
  halfP99: z.number(),
  /** In ms, with 4,000 a second. */
  steadyP99: z.number(),
});

export type ReadsResult = z.infer<typeof readsResult>;

/** V8's own four threads that look for garbage would have the mall wait for a core. */
const oneHelper = '--v8-pool-size=1';

/**
 * Reads from a process of its own: what this one has gathered before would otherwise have it look for garbage while it
 * measures, on cores that the mall needs. @throws Error with what the process said when it fails
 */
export async function reads(task: ReadsTask, signal: AbortSignal): Promise<ReadsResult> {
  const program = programBeside(import.meta.url, 'reads-process');
  const args = [oneHelper, program, JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { signal });
  return readsResult.parse(JSON.parse(stdout));
}
