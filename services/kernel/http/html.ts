/** Markup that is safe to put into a page as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Html | string | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup with contents put in: texts are escaped, so that only what stands in the program can be markup. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(String.raw({ raw: parts }, ...contents.map(markupOf)));
}

/** Text in which backticks enclose code, as in comments of the protos. */
export function prose(text: string): Html {
  const pieces = text
    .split('`')
    .map((piece, index) => (index % 2 ? html`<code>${piece}</code>` : html`${piece}`));
  return joined(pieces, '');
}

export function joined(pieces: readonly Html[], separator: string): Html {
  return new Html(pieces.map(({ text }) => text).join(markupOf(separator)));
}

function markupOf(content: Content): string {
  if (content instanceof Html) return content.text;
  if (typeof content !== 'string') return content.map(({ text }) => text).join('');
  return content.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
