import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let own: string | undefined;

/**
 * Where consumers' tests write pacts: `mall test contracts` gives each run a folder of its own, a file that is run by
 * hand writes to a temporary one.
 */
export function writtenPactsFolder(): string {
  own ??= process.env.MALL_PACTS_WRITTEN ?? mkdtempSync(join(tmpdir(), 'mall-pacts-'));
  return own;
}
