import type { AuditTarget } from '../../audit/target.ts';
import { auditTarget } from '../../audit/target.ts';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { findMall } from '../../malls/directory.ts';
import { currentHome } from '../../settings/index.ts';
import { type OwnMall, ownMall, startOwnMall } from '../own-mall.ts';
import type { FeatureJob } from './job.ts';
import type { FeatureOptions } from './options.ts';
import type { Reach } from './selection.ts';

/** The mall that scenarios are run against, and what of it can be reached. */
export interface TestedMall {
  readonly mall: FeatureJob['parameters']['mall'];
  readonly reach: Reach;
  readonly infra: string;
  readonly mode: string;
  /** What is audited afterwards; undefined where only the doors are known. */
  readonly audited: AuditTarget | undefined;
}

/** Long enough for one that is far away and busy. */
const answerWithinMs = 10_000;

/** Finds the mall the options name, or starts one that has the run's name. @throws CliError (4) */
export async function testedMall(options: FeatureOptions, run: string): Promise<TestedMall> {
  if (options.against !== undefined) {
    await mustAnswer(options.against);
    return foreignMall(options, options.against);
  }
  if (options.name !== undefined) return runningMall(options.name);
  const mall = await startOwnMall({ name: run, infra: options.infra, mode: options.mode });
  // What was asked for may have left the choice to the mall.
  const { infra, mode } = findMall(currentHome(), run).state ?? options;
  return { mall: withInside(mall), reach: everything, infra, mode, audited: mall };
}

const everything: Reach = { inside: true, grpc: true, ownMalls: true };

/** Every scenario would fail by itself. @throws CliError (4) when nobody is there */
async function mustAnswer(rest: string): Promise<void> {
  const signal = AbortSignal.timeout(answerWithinMs);
  await fetch(rest, { signal, redirect: 'manual' }).catch((error: unknown) => {
    throw new CliError(`Nothing answers at ${rest}.`, {
      exitCode: exitCodes.environment,
      cause: error instanceof Error ? (error.cause ?? error) : error,
      next: '`--against` names the REST door of a mall that runs; without it one is started',
    });
  });
}

function foreignMall({ infra, mode, grpcAddress }: FeatureOptions, rest: string): TestedMall {
  return {
    mall: { name: new URL(rest).host, rest, ...(grpcAddress !== undefined && { grpc: grpcAddress }) },
    reach: { inside: false, grpc: grpcAddress !== undefined, ownMalls: false },
    infra,
    mode,
    audited: undefined,
  };
}

async function runningMall(name: string): Promise<TestedMall> {
  const { rest, grpc } = ownMall(name);
  // On external servers the addresses with their passwords come from the settings.
  const audited = await auditTarget({ name });
  const { state } = findMall(currentHome(), name);
  const { infra, mode } = state ?? { infra: 'embedded', mode: 'monolith' };
  return { mall: withInside({ ...audited, rest, grpc }), reach: everything, infra, mode, audited };
}

function withInside({ name, rest, grpc, ...inside }: OwnMall) {
  return { name, rest, grpc, inside };
}
