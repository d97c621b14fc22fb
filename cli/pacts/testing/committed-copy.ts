import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { copyOfTree } from '../../../features/breaks/copy-of-tree.ts';
import { type CliResult, cliUnderTest } from '../../testing/cli-process.ts';
import { pactFilesFolder, projectRoot } from '../places.ts';

/** The pact that the rounds are about. */
const pactName = 'baskets-sub-stores-pub.json';
export const branchName = 'feature/round';

/** What names branch, build and broker in the environment of whoever runs the tests. */
const foreign =
  /^(GITHUB_|CI_|BUILDKITE|CIRCLE|TRAVIS|BITBUCKET|SYSTEM_|BUILD_|PACT_|(GIT|CHANGE)_BRANCH|BRANCH_NAME)/;

/**
 * The project in a repository of its own, with one commit on a branch and one pact to publish, so that versions are real:
 * removed after the tests of the calling file.
 */
export class CommittedCopy {
  readonly #tree = copyOfTree(projectRoot);
  readonly #pacts = join(this.#tree, '.mall', 'pacts');

  constructor() {
    after(() => rmSync(this.#tree, { recursive: true, force: true, maxRetries: 5 }));
    mkdirSync(this.#pacts);
    copyFileSync(join(pactFilesFolder, pactName), join(this.#pacts, pactName));
    this.#git('init', '--quiet', '--initial-branch', branchName);
    appendFileSync(join(this.#tree, '.git/info/exclude'), '/node_modules\n');
    this.#git('add', '--all');
    this.commit('the project');
  }

  /** `mall pacts` in this copy, with the pact. */
  commandLine(environment: NodeJS.ProcessEnv): (...args: readonly string[]) => Promise<CliResult> {
    const none = Object.keys(process.env).filter((name) => foreign.test(name));
    const settings = { ...Object.fromEntries(none.map((name) => [name, ''])), ...environment };
    const cli = cliUnderTest(settings, join(this.#tree, 'cli/launcher/mall.mjs'));
    return (verb = '', ...args) => cli.run('pacts', verb, ...args, '--files', this.#pacts);
  }

  /** The version that is checked out. */
  get version(): string {
    return this.#git('rev-parse', 'HEAD').trim();
  }

  /** Makes another version. */
  commit(message: string): void {
    const who = ['-c', 'user.name=Nobody', '-c', 'user.email=nobody@example.com'];
    this.#git(...who, 'commit', '--quiet', '--allow-empty', '--message', message);
  }

  /** Leaves a file other than it is committed. @returns puts it back */
  change(path: string): () => void {
    const file = join(this.#tree, path);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}\n`);
    return () => writeFileSync(file, text);
  }

  /** Has the consumer read a store's name under another name than stores give it. */
  askForATitle(): void {
    const file = join(this.#pacts, pactName);
    const text = readFileSync(file, 'utf8');
    const payload = /("Payload": \{\s+"id": "store-id",\s+)"name": "NewStore"/;
    const asked = text.replace(payload, '$1"title": "NewStore"');
    if (asked === text) throw new Error(`${pactName} has no StoreCreated message of the kind`);
    writeFileSync(file, asked);
  }

  #git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.#tree, encoding: 'utf8' });
  }
}
