/**
 * Runs after `npm ci` of this project: brings along what an old Node lacks, so that the first start needs no network.
 * Where install scripts are off or there is no network, the first start does the same. It never fails an install.
 */
import { mallHome } from './home.mjs';
import { natsCameWithTheMall, nodeIsNewEnough } from './needs.mjs';
import { provide } from './provide.mjs';

/** @param {string} text */
function tell(text) {
  process.stderr.write(`mall: ${text}\n`);
}

const lacks = {
  home: mallHome({ cwd: process.cwd(), env: process.env }),
  newNode: !nodeIsNewEnough(process.versions.node),
  nats: !process.env.MALL_NATS_BIN && !natsCameWithTheMall(),
};
try {
  if (lacks.newNode || lacks.nats) await provide(lacks, tell);
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  tell(`${why} The first start tries again.`);
}
