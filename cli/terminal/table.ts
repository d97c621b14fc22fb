import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { wrapText } from './wrap.ts';

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

const gap = borderless.middle.length;
/** A column that is narrower than this is not read with pleasure: rather the line is too long. */
const leastWrapped = 16;
/** Other columns stay as long as the one that wraps has this much. */
const comfortable = 24;

/** How a table is made to fit a terminal; on what is none it keeps its form, since programs read it. */
export interface Fit {
  /** How many characters a line holds; undefined: as many as there are. */
  readonly width: number | undefined;
  /** Headings of columns that can be done without, the least needed first. */
  readonly spare?: readonly string[];
  /** The place of the column whose cells, in plain text, may take several lines. */
  readonly wrap?: number;
}

/** Lays rows out in aligned columns without lines. */
export function columns(
  rows: readonly (readonly string[])[],
  head: readonly string[] = [],
  fit: Fit = { width: undefined },
): string {
  const all = head.length === 0 ? rows : [head, ...rows];
  const kept = keptColumns(all, head, fit);
  const shown = wrapped(
    all.map((row) => kept.map((at) => row[at] ?? '')),
    kept,
    fit,
  );
  const [first = [], ...others] = shown;
  return head.length === 0 ? draw(shown, []) : draw(others, first);
}

/** Which columns are shown, by their places: those that are needed, and of the others, the most needed first, what fits. */
function keptColumns(
  all: readonly (readonly string[])[],
  head: readonly string[],
  { width, spare = [], wrap }: Fit,
): readonly number[] {
  const places = (all[0] ?? []).map((_, at) => at);
  if (width === undefined) return places;
  const needed = (at: number) => (at === wrap ? Math.min(widthOf(all, at), comfortable) : widthOf(all, at));
  const kept = new Set(places.filter((at) => !spare.includes(head[at] ?? '')));
  for (const heading of spare.toReversed()) {
    const more = [...kept, head.indexOf(heading)];
    if (more.reduce((sum, at) => sum + needed(at) + gap, -gap) <= width) kept.add(head.indexOf(heading));
  }
  return places.filter((at) => kept.has(at));
}

function wrapped(
  rows: readonly (readonly string[])[],
  kept: readonly number[],
  { width, wrap }: Fit,
): readonly (readonly string[])[] {
  const place = kept.indexOf(wrap ?? -1);
  if (width === undefined || place === -1) return rows;
  const others = kept.reduce((sum, _, at) => sum + (at === place ? 0 : widthOf(rows, at) + gap), 0);
  const room = Math.max(leastWrapped, width - others);
  return rows.map((row) =>
    row.map((cell, at) => (at === place && cell.length > room ? wrapText(cell, room).join('\n') : cell)),
  );
}

function widthOf(rows: readonly (readonly string[])[], at: number): number {
  const lines = rows.flatMap((row) => stripVTControlCharacters(row[at] ?? '').split('\n'));
  return Math.max(0, ...lines.map(({ length }) => length));
}

function draw(rows: readonly (readonly string[])[], head: readonly string[]): string {
  const table = new Table({
    head: [...head],
    chars: borderless,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
