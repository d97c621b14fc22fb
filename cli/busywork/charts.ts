/** A line of a chart; a gap where there was nothing to measure. */
export interface Line {
  readonly name: string;
  /** Chooses its colour in the style, 1 to 4. */
  readonly color: 1 | 2 | 3 | 4;
  readonly points: readonly { readonly atMs: number; readonly value: number | null }[];
}

export interface Chart {
  readonly title: string;
  /** What stands after the numbers of the axis. */
  readonly unit: string;
  readonly lines: readonly Line[];
}

const WIDTH = 720;
const HEIGHT = 240;
const MARGIN = { left: 76, right: 12, top: 14, bottom: 32 };
const TICKS = 4;

/** A line chart as an SVG element that needs nothing but the colours of the page around it. */
export function chartSvg({ title, unit, lines }: Chart): string {
  const points = lines.flatMap((line) => line.points);
  const endMs = Math.max(1, ...points.map(({ atMs }) => atMs));
  const top = niceTop(Math.max(0, ...points.map(({ value }) => value ?? 0)));
  const x = (atMs: number) => MARGIN.left + (atMs / endMs) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) => HEIGHT - MARGIN.bottom - (value / top) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const paths = lines.map((line) => `<path class="line c${line.color}" d="${pathOf(line, { x, y })}"/>`);
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    ...valueAxis({ top, unit, y }),
    ...timeAxis({ endMs, x }),
    ...paths,
    '</svg>',
  ].join('\n');
}

interface Scales {
  readonly x: (atMs: number) => number;
  readonly y: (value: number) => number;
}

/** A point alone between gaps is drawn as a dot, which a line of no length is with round caps. */
function pathOf({ points }: Line, { x, y }: Scales): string {
  let pen = 'M';
  let path = '';
  for (const { atMs, value } of points) {
    if (value === null) {
      pen = 'M';
      continue;
    }
    const at = `${x(atMs).toFixed(1)} ${y(value).toFixed(1)}`;
    path += pen === 'M' ? `M${at}L${at}` : `L${at}`;
    pen = 'L';
  }
  return path;
}

function valueAxis({ top, unit, y }: { top: number; unit: string; y: Scales['y'] }): string[] {
  return Array.from({ length: TICKS + 1 }, (_, tick) => (top * tick) / TICKS).flatMap((value) => [
    `<path class="grid" d="M${MARGIN.left} ${y(value).toFixed(1)}H${WIDTH - MARGIN.right}"/>`,
    `<text x="${MARGIN.left - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">` +
      `${escaped(`${Number(value.toPrecision(3))}${unit}`)}</text>`,
  ]);
}

function timeAxis({ endMs, x }: { endMs: number; x: Scales['x'] }): string[] {
  return Array.from({ length: TICKS + 1 }, (_, tick) => {
    const atMs = (endMs * tick) / TICKS;
    const anchor = tick === 0 ? 'start' : tick === TICKS ? 'end' : 'middle';
    return `<text x="${x(atMs).toFixed(1)}" y="${HEIGHT - 8}" text-anchor="${anchor}">${clock(atMs)}</text>`;
  });
}

/** `1:05`, from the start of the run. */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The next of 1, 2, 4, 5, 8 times a power of ten: four steps up to it are numbers people can read. */
function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 8, 10].map((factor) => factor * power).find((nice) => nice >= value) ?? 10 * power;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
