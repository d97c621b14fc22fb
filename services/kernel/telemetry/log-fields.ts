import pino, { type Logger } from 'pino';
import { currentScope, idsOf } from './scope.ts';

/**
 * A logger whose every line, and every line of its children, says of which request or message it tells: its trace,
 * its message and the ids of what it is about.
 */
export function scopedLogger(logger: Logger): Logger {
  const scoped = logger.child({});
  Object.assign(scoped, { [pino.symbols.mixinSym]: scopeFields });
  return scoped;
}

function scopeFields(): Record<string, string> {
  const scope = currentScope();
  if (scope === undefined) return {};
  const { trace, messageId } = scope;
  return {
    ...(trace && { trace: trace.traceparent.slice(3, 35) }),
    ...(messageId !== undefined && { message: messageId }),
    ...idsOf(scope),
  };
}
