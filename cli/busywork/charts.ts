/** A line of a chart; a gap where there was nothing to measure. */
export interface Line {
  readonly name: string;
  /** Chooses its colour in the style, 1 to 4. */
  readonly color: 1 | 2 | 3 | 4;
  readonly points: readonly { readonly atMs: number; readonly value: number | null }[];
}

export interface Chart {
  readonly title: string;
  readonly lines: readonly Line[];
}

const WIDTH = 720;
const HEIGHT = 240;
const MARGIN = { left: 76, right: 12, top: 14, bottom: 40 };
const TICKS = 4;

/** A line chart as an SVG element that needs nothing but the colours of the page around it. */
export function chartSvg({ title, lines }: Chart): string {
  const points = lines.flatMap((line) => line.points);
  const endMs = Math.max(1, ...points.map(({ atMs }) => atMs));
  const top = niceTop(Math.max(0, ...points.map(({ value }) => value ?? 0)));
  const x = (atMs: number) => MARGIN.left + (atMs / endMs) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) => HEIGHT - MARGIN.bottom - (value / top) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const paths = lines.flatMap((line) => pathsOf(line, { x, y }));
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    ...valueAxis({ top, y }),
    ...timeAxis({ endMs, x }),
    ...paths,
    '</svg>',
  ].join('\n');
}

interface Scales {
  readonly x: (atMs: number) => number;
  readonly y: (value: number) => number;
}

/** One path for what is connected, one of dots for points alone between gaps: lines of no length, with round caps. */
function pathsOf({ points, color }: Line, { x, y }: Scales): string[] {
  const at = ({ atMs, value }: Point) => `${x(atMs).toFixed(1)} ${y(value).toFixed(1)}`;
  const runs = withoutGaps(points);
  const lines = runs.filter(({ length }) => length > 1).map((run) => `M${run.map(at).join('L')}`);
  const dots = runs.filter(({ length }) => length === 1).flatMap((run) => run.map((dot) => `M${at(dot)}h0`));
  return [
    ...(lines.length === 0 ? [] : [`<path class="line c${color}" d="${lines.join('')}"/>`]),
    ...(dots.length === 0 ? [] : [`<path class="line dot c${color}" d="${dots.join('')}"/>`]),
  ];
}

interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** The points in runs that follow each other without a gap. */
function withoutGaps(points: Line['points']): Point[][] {
  const runs: Point[][] = [[]];
  for (const { atMs, value } of points) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ atMs, value });
  }
  return runs;
}

function valueAxis({ top, y }: { top: number; y: Scales['y'] }): string[] {
  return Array.from({ length: TICKS + 1 }, (_, tick) => (top * tick) / TICKS).flatMap((value) => [
    `<path class="grid" d="M${MARGIN.left} ${y(value).toFixed(1)}H${WIDTH - MARGIN.right}"/>`,
    `<text x="${MARGIN.left - 8}" y="${(y(value) + 5).toFixed(1)}" text-anchor="end">` +
      `${Number(value.toPrecision(3))}</text>`,
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
