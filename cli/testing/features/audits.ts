import { type AuditResult, audit } from '../../audit/audit.ts';
import { untilQuiet } from '../../audit/quiet.ts';
import type { AuditTarget } from '../../audit/target.ts';

/** By then a mall that was left alone is at rest. */
const restWithinMs = 30_000;

export interface AuditedMall {
  readonly name: string;
  readonly violations: number;
  /** Whether the mall came to rest. */
  readonly quiet: boolean;
  /** Of each broken rule a sentence, with ids. */
  readonly says: readonly string[];
}

/** Audits malls once they rest, as `mall audit --wait 30s` does. */
export async function auditMalls(malls: readonly AuditTarget[]): Promise<readonly AuditedMall[]> {
  const audited: AuditedMall[] = [];
  for (const mall of malls) audited.push(await auditMall(mall));
  return audited;
}

async function auditMall(mall: AuditTarget): Promise<AuditedMall> {
  try {
    const quiet = await untilQuiet({ ...mall, waitMs: restWithinMs });
    const result = await audit({ ...mall, allowDeadLetters: false });
    return { name: mall.name, violations: result.violations, quiet, says: sentences(result) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name: mall.name, violations: 1, quiet: true, says: [`it cannot be read: ${why}`] };
  }
}

function sentences({ outcomes }: AuditResult): string[] {
  return outcomes
    .filter(({ violations }) => violations > 0)
    .flatMap(({ rule, shown }) =>
      shown.map(({ says, ids }) => `${rule.title}: ${says}${ids.length > 0 ? ` [${ids.join(' ')}]` : ''}`),
    );
}
