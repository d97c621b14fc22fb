import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { currentHome } from '../settings/index.ts';

/** The checkout that the command line runs from. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The pact files of this project. */
export const pactFilesFolder = join(projectRoot, 'pacts', 'files');

/** What is known of pacts without a broker; a file, since folders of the home are malls. */
export function ledgerFile(): string {
  return join(currentHome(), 'pacts.ndjson');
}
