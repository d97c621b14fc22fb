/** Text in lines of at most so many characters, broken between words; a word that is longer takes several lines. */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): string[] {
  if (word.length <= width) return [word];
  return [word.slice(0, width), ...pieces(word.slice(width), width)];
}

/** A line whose text begins at some column, and goes on there where it needs several lines. */
export function hanging(
  begin: string,
  text: string,
  at: { column: number; width: number | undefined },
): string {
  const { column, width } = at;
  const lines = width === undefined ? [text] : wrapText(text, Math.max(16, width - column));
  return lines
    .map((line, index) => (index === 0 ? `${begin}${line}` : `${' '.repeat(column)}${line}`))
    .join('\n');
}
