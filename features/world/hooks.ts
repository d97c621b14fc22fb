import { After, AfterAll, Before, setDefaultTimeout, setWorldConstructor } from '@cucumber/cucumber';
import { doorsOfRun, labKindOf, labOf, leaveGround } from './ground.ts';
import { MallWorld } from './world.ts';

/** A step waits with a deadline of its own; one that is still at work after this hangs. */
const stepWithinMs = 60_000;
/** A mall that a scenario starts for itself may have to fetch its images. */
const labWithinMs = 180_000;

setWorldConstructor(MallWorld);
setDefaultTimeout(stepWithinMs);

Before({ timeout: labWithinMs }, async function (this: MallWorld, { pickle }) {
  const kind = labKindOf(pickle.tags.map(({ name }) => name));
  if (kind === undefined) {
    this.doors = doorsOfRun(this.parameters);
    return;
  }
  this.lab = await labOf(kind, this.parameters);
});

After({ timeout: labWithinMs }, async function (this: MallWorld, { result }) {
  if (result?.status === 'FAILED') {
    this.log(`mall ${this.doors.mall.name} at ${this.doors.mall.rest}, trace ${this.trace.id}`);
  }
  await this.tidy();
});

AfterAll(leaveGround);
