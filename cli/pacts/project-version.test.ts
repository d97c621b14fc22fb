import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ciVersion } from './project-version.ts';

for (const { system, env, branch, buildUrl } of [
  {
    system: 'GitHub Actions',
    env: {
      GITHUB_REF_NAME: 'main',
      GITHUB_SERVER_URL: 'https://github.example',
      GITHUB_REPOSITORY: 'a/b',
      GITHUB_RUN_ID: '7',
    },
    branch: 'main',
    buildUrl: 'https://github.example/a/b/actions/runs/7',
  },
  {
    system: 'GitHub Actions, a pull request',
    env: { GITHUB_HEAD_REF: 'feature', GITHUB_REF_NAME: '12/merge' },
    branch: 'feature',
    buildUrl: undefined,
  },
  {
    system: 'GitLab',
    env: { CI_COMMIT_REF_NAME: 'main', CI_PIPELINE_URL: 'https://gitlab.example/p/1' },
    branch: 'main',
    buildUrl: 'https://gitlab.example/p/1',
  },
  {
    system: 'Jenkins',
    env: { GIT_BRANCH: 'refs/heads/main', BUILD_URL: 'https://jenkins.example/1/' },
    branch: 'main',
    buildUrl: 'https://jenkins.example/1/',
  },
  { system: 'no CI', env: {}, branch: 'on-disk', buildUrl: undefined },
  {
    system: 'a CI with empty variables',
    env: { GITHUB_HEAD_REF: '' },
    branch: 'on-disk',
    buildUrl: undefined,
  },
]) {
  test(`branch and build of ${system}`, () => {
    assert.deepEqual(ciVersion(env, 'on-disk'), { branch, buildUrl });
  });
}
