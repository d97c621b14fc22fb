import { runProgram } from './program.ts';
import { reportError } from './terminal/error-report.ts';
import { outliveReaders } from './terminal/output.ts';

/** The `mall` command line, once the launcher has found a Node that runs it. */
outliveReaders();
try {
  await runProgram(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportError(error, (text) => process.stderr.write(text));
}
// Connections and timers a verb has left behind must not keep a finished command alive.
process.exit();
