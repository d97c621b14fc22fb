import { asksForJson, runProgram } from './program.ts';
import { failureFound, reportError, reportErrorAsJson } from './terminal/error-report.ts';
import { outliveReaders } from './terminal/output.ts';

/** The `mall` command line, once the launcher has found a Node that runs it. */
outliveReaders();
const args = process.argv.slice(2);
const json = asksForJson(args);
const write = (text: string) => process.stderr.write(text);
try {
  await runProgram(args);
  const exitCode = Number(process.exitCode ?? 0);
  if (json && exitCode !== 0) reportErrorAsJson(failureFound(exitCode), write);
} catch (error) {
  process.exitCode = json ? reportErrorAsJson(error, write) : reportError(error, write);
}
// Connections and timers a verb has left behind must not keep a finished command alive.
process.exit();
