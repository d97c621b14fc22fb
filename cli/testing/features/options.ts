import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { parseDuration } from '../../terminal/duration.ts';
import { readPattern } from '../name-pattern.ts';

/** What `mall test features` was asked for. */
export interface FeatureOptions {
  /** The running mall to use; undefined to start one. */
  readonly name: string | undefined;
  /** The address of a mall of which only the doors are known. */
  readonly against: string | undefined;
  readonly grpcAddress: string | undefined;
  readonly infra: string;
  readonly mode: string;
  readonly tags: string | undefined;
  readonly nameFilter: string | undefined;
  /** The flag it was given with: the one of features, or the one of all tests. */
  readonly nameFlag: 'name-filter' | 'name-pattern';
  /** How many scenarios run at a time; as many as there are processors when absent. */
  readonly parallel: number | undefined;
  readonly failFast: boolean;
  /** Only what failed the last time. */
  readonly rerun: boolean;
  readonly retry: number;
  readonly deadlineMs: number;
  /** Feature files and folders; ours when empty. */
  readonly features: readonly string[];
  /** Step files and folders besides ours. */
  readonly steps: readonly string[];
  readonly reports: string | undefined;
}

const usualDeadline = '10m';

/** Reads the flags of `mall test`. @throws CliError (2) for a value that makes no sense */
export function readFeatureOptions(
  flags: Readonly<Record<string, unknown>>,
  given: {
    readonly files: readonly string[];
    readonly parallel: number | undefined;
    infra: string;
    mode: string;
  },
): FeatureOptions {
  const against = text(flags.against);
  const name = text(flags.name);
  if (against !== undefined && name !== undefined) {
    throw usage('--name and --against name two malls.', 'give one of them');
  }
  if (against !== undefined && !URL.canParse(against)) {
    throw usage(
      `--against cannot be "${against}": it must be an address.`,
      '`--against http://localhost:8080`',
    );
  }
  const grpcAddress = text(flags.grpcAddress);
  if (grpcAddress !== undefined && against === undefined) {
    throw usage(
      '--grpc-address goes with --against.',
      '`--against http://host:8080 --grpc-address host:9000`',
    );
  }
  if (grpcAddress !== undefined && !/^\S+:\d{1,5}$/.test(grpcAddress)) {
    throw usage(
      `--grpc-address cannot be "${grpcAddress}": it must be host:port.`,
      '`--grpc-address host:9000`',
    );
  }
  const nameFlag = flags.nameFilter === undefined ? 'name-pattern' : 'name-filter';
  return {
    name,
    against,
    grpcAddress,
    infra: given.infra,
    mode: given.mode,
    tags: text(flags.tags),
    nameFilter: readPattern(nameFlag, flags[nameFlag === 'name-filter' ? 'nameFilter' : 'namePattern']),
    nameFlag,
    parallel: given.parallel,
    failFast: flags.failFast === true,
    rerun: flags.rerun === true,
    retry: count('--retry', text(flags.retry) ?? '0'),
    deadlineMs: duration('--deadline', text(flags.deadline) ?? usualDeadline),
    features: [...list(flags.features), ...given.files],
    steps: list(flags.steps),
    reports: text(flags.reports),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function count(flag: string, value: string): number {
  if (/^\d{1,2}$/.test(value)) return Number(value);
  throw usage(`${flag} cannot be "${value}": it must be a whole number from 0 to 99.`, `\`${flag} 1\``);
}

function duration(flag: string, value: string): number {
  const ms = parseDuration(value);
  if (ms !== undefined && ms > 0) return ms;
  throw usage(`${flag} cannot be "${value}": it must be a length of time.`, `\`${flag} 5m\``);
}

function usage(sentence: string, next: string): CliError {
  return new CliError(sentence, { exitCode: exitCodes.usage, next });
}
