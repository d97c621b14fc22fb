const two = (value: number) => String(value).padStart(2, '0');

function timeOfDay(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The stamp of a program line: local time, `HH:MM:SS`. */
export function secondStamp(epochMs: number): string {
  return timeOfDay(new Date(epochMs));
}

/** The stamp of a client's line: local time with microseconds, `HH:MM:SS.uuuuuu`. */
export function microsecondStamp(epochMs: number): string {
  const wholeMs = Math.floor(epochMs);
  const at = new Date(wholeMs);
  const micros = at.getMilliseconds() * 1_000 + Math.floor((epochMs - wholeMs) * 1_000);
  return `${timeOfDay(at)}.${String(micros).padStart(6, '0')}`;
}

/**
 * Names come from the mall's data: a control character in one must neither break a line nor drive a terminal.
 */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** `[Client 5] thinks $22.11 is too much` after its stamp. */
export function clientLine(line: { epochMs: number; client: number; text: string }): string {
  return `${microsecondStamp(line.epochMs)} [Client ${line.client}] ${oneLine(line.text)}`;
}

export function programLine(line: { epochMs: number; text: string }): string {
  return `${secondStamp(line.epochMs)} ${oneLine(line.text)}`;
}

/**
 * A measured or measuring time: `350 ms`, `12.3 s`, `2 min 5 s`; finer than what `terminal/duration.ts`
 * tells.
 */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trimZero((ms / 1_000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  const short = `${minutes % 60} min ${seconds % 60} s`;
  return minutes < 60 ? short : `${Math.floor(minutes / 60)} h ${short}`;
}

/** Latency for a table: two decimals below 10 ms, one below 100 ms, none above; so about three digits. */
export function formatLatency(ms: number): string {
  if (ms < 10) return ms.toFixed(2);
  return ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

function trimZero(decimal: string): string {
  return decimal.replace(/\.0$/, '');
}
