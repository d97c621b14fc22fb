/** The known word closest to what was typed, when it is close enough to be what was meant. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const word of known) {
    const distance = editDistance(typed.toLowerCase(), word.toLowerCase());
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { word, distance };
  }
  const close = Math.min(3, Math.max(1, Math.floor(typed.length / 2)));
  return best !== undefined && best.distance <= close ? best.word : undefined;
}

/** Letters to insert, remove or replace to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [index, other] of [...to].entries()) {
      const replace = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replace, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
