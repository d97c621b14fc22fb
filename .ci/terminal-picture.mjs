/** A terminal as an SVG: lines of text as they stood there, on a dark ground that suits light and dark pages. */

const escapeCharacter = String.fromCharCode(27);
const [charWidth, lineHeight, margin, bar] = [8.4, 20, 18, 32];

/** @param {{ prompt: string, lines: readonly string[] }} terminal */
export function terminalSvg({ prompt, lines }) {
  const all = [`$ ${prompt}`, ...lines];
  const width = Math.ceil(Math.max(...all.map((line) => line.length)) * charWidth) + 2 * margin;
  const height = bar + all.length * lineHeight + margin;
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (color, index) => `<circle cx="${18 + index * 18}" cy="16" r="5.5" fill="${color}"/>`,
  );
  const texts = all.map((line, index) => {
    const y = bar + 14 + index * lineHeight;
    const fill = index === 0 ? '#7ee2a8' : '#dfe5ee';
    // Each line as long as its characters are many, whichever font the reader has.
    const length = (line.length * charWidth).toFixed(1);
    return `<text x="${margin}" y="${y}" fill="${fill}" textLength="${length}">${escaped(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A terminal: ${escaped(prompt)}">
<rect width="${width}" height="${height}" rx="10" fill="#171c25"/>
${dots.join('\n')}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
${texts.join('\n')}
</g>
</svg>
`;
}

/**
 * What stood in place two thirds of the way through, of lines that were drawn there again and again.
 * @param {string} written all that was written to the terminal
 */
export function laterFrame(written) {
  const sequences = new RegExp(`${escapeCharacter}\\[[0-9;?]*[A-Za-z]|\r`, 'g');
  // A frame ends by clearing what is below it; the first also holds what was said before, the last is the clearing.
  const frames = written
    .split(`${escapeCharacter}[J`)
    .slice(1, -1)
    .map((frame) => frame.replaceAll(sequences, '').split('\n'))
    .filter((lines) => lines.length > 1);
  return frames.at(Math.floor((frames.length * 2) / 3))?.map((line) => line.trimEnd()) ?? [];
}

/** Spaces are kept apart by being unbreakable ones. @param {string} text */
function escaped(text) {
  return text
    .replaceAll(' ', '\u00a0')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');
}
