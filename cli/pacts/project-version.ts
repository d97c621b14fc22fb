import { execFileSync } from 'node:child_process';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';

/** What a broker knows a version by. */
export interface ProjectVersion {
  /** The commit. */
  readonly commit: string;
  /** Absent where nobody can tell, as on a detached HEAD outside CI. */
  readonly branch: string | undefined;
  /** The run that made it; absent outside CI. */
  readonly buildUrl: string | undefined;
  /** Files that differ from the commit, as git names them. */
  readonly changed: readonly string[];
}

/** Of each CI system the variables that name branch and build; a pull request's own branch comes first. */
const ciSystems: readonly {
  branch: readonly string[];
  buildUrl: (env: NodeJS.ProcessEnv) => string | undefined;
}[] = [
  {
    branch: ['GITHUB_HEAD_REF', 'GITHUB_REF_NAME'],
    buildUrl: ({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run }) =>
      server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined,
  },
  {
    branch: ['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', 'CI_COMMIT_REF_NAME'],
    buildUrl: ({ CI_JOB_URL, CI_PIPELINE_URL }) => CI_JOB_URL ?? CI_PIPELINE_URL,
  },
  { branch: ['BUILDKITE_BRANCH'], buildUrl: ({ BUILDKITE_BUILD_URL }) => BUILDKITE_BUILD_URL },
  { branch: ['CIRCLE_BRANCH'], buildUrl: ({ CIRCLE_BUILD_URL }) => CIRCLE_BUILD_URL },
  { branch: ['CHANGE_BRANCH', 'BRANCH_NAME', 'GIT_BRANCH'], buildUrl: ({ BUILD_URL }) => BUILD_URL },
  {
    branch: ['TRAVIS_PULL_REQUEST_BRANCH', 'TRAVIS_BRANCH'],
    buildUrl: ({ TRAVIS_BUILD_WEB_URL }) => TRAVIS_BUILD_WEB_URL,
  },
  {
    branch: ['BITBUCKET_BRANCH'],
    buildUrl: ({ BITBUCKET_GIT_HTTP_ORIGIN: origin, BITBUCKET_BUILD_NUMBER: number }) =>
      origin && number ? `${origin}/pipelines/results/${number}` : undefined,
  },
  {
    branch: ['SYSTEM_PULLREQUEST_SOURCEBRANCH', 'BUILD_SOURCEBRANCHNAME'],
    buildUrl: ({ SYSTEM_COLLECTIONURI: server, SYSTEM_TEAMPROJECT: project, BUILD_BUILDID: id }) =>
      server && project && id ? `${server}${project}/_build/results?buildId=${id}` : undefined,
  },
];

/** The version that is checked out. @throws CliError (4) where there is no git or no commit */
export function projectVersion(folder: string, env: NodeJS.ProcessEnv = process.env): ProjectVersion {
  const commit = git(folder, ['rev-parse', 'HEAD']).trim();
  const head = git(folder, ['rev-parse', '--abbrev-ref', 'HEAD']).trim();
  const changed = git(folder, ['status', '--porcelain'])
    .split('\n')
    .filter((line) => line !== '');
  return { commit, ...ciVersion(env, head === 'HEAD' ? undefined : head), changed };
}

/** Branch and build as the CI system tells them. @param head the branch that git is on, if it is on one */
export function ciVersion(
  env: NodeJS.ProcessEnv,
  head: string | undefined,
): Pick<ProjectVersion, 'branch' | 'buildUrl'> {
  const filled = (name: string) => env[name] || undefined;
  const branch = ciSystems
    .flatMap((system) => system.branch)
    .map(filled)
    .find((name) => name !== undefined);
  const buildUrl = ciSystems
    .map((system) => system.buildUrl(env) || undefined)
    .find((url) => url !== undefined);
  return { branch: branch?.replace(/^refs\/heads\//, '') ?? head, buildUrl };
}

function git(folder: string, args: readonly string[]): string {
  try {
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new CliError(`The version of ${folder} cannot be told: git does not know a commit there.`, {
      exitCode: exitCodes.environment,
      cause: error,
      next: 'run it in a checkout with at least one commit, with git installed',
    });
  }
}
