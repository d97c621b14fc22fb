import { Doors } from './doors.ts';
import { Lab, type LabKind, labKinds } from './lab.ts';
import type { FeatureParameters } from './mall-under-test.ts';

/** The malls that the scenarios of this thread share. */
let run: Doors | undefined;
const labs = new Map<LabKind, Lab>();

/** The mall of the run. */
export function doorsOfRun({ mall }: FeatureParameters): Doors {
  run ??= new Doors(mall);
  return run;
}

/** The kind of mall a scenario's tags ask for; undefined where that of the run will do. */
export function labKindOf(tags: readonly string[]): LabKind | undefined {
  return Object.keys(labKinds)
    .filter((kind): kind is LabKind => kind in labKinds)
    .find((kind) => tags.includes(kind));
}

/** The thread's mall of a kind, started when first asked for. */
export async function labOf(kind: LabKind, parameters: FeatureParameters): Promise<Lab> {
  const known = labs.get(kind);
  if (known !== undefined) return known;
  const lab = await Lab.start(kind, parameters);
  labs.set(kind, lab);
  return lab;
}

/** Closes what this thread has opened; the malls are left to the run, which audits and stops them. */
export async function leaveGround(): Promise<void> {
  await Promise.all([run, ...[...labs.values()].map((lab) => lab.doors)].map((doors) => doors?.close()));
  run = undefined;
  labs.clear();
}
