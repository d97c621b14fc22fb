/** Writes the figures of the committed sample into the README: `node .ci/figures.mjs`, after `mall bench` made it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withFigures } from '../cli/bench/readme-figures.ts';
import { reportShape } from '../cli/bench/report.ts';

const report = reportShape.parse(JSON.parse(readFileSync('reports/sample/bench.json', 'utf8')));
writeFileSync('README.md', withFigures(readFileSync('README.md', 'utf8'), report));
