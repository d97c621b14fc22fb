import type { DescField, DescFile, DescMessage, DescMethod, DescService } from '@bufbuild/protobuf';

type Commented = DescService | DescMethod | DescMessage | DescField;

const commentsByFile = new WeakMap<DescFile, ReadonlyMap<string, string>>();

/** The comment above a definition in its .proto file, as one line. The library has it by position only. */
export function commentOf(desc: Commented): string | undefined {
  const file = fileOf(desc);
  let comments = commentsByFile.get(file);
  if (!comments) {
    comments = commentsIn(file);
    commentsByFile.set(file, comments);
  }
  return comments.get(positionOf(desc).join('.'));
}

/** The first sentence of a comment, without its full stop, and the rest. */
export function summaryAndRest(comment: string): { readonly summary: string; readonly rest?: string } {
  // A capital starts the next sentence, so that `e.g. this` ends none.
  const [, first, rest] = /^(.+?)\.\s+(\p{Lu}.*)$/u.exec(comment) ?? [];
  return first && rest ? { summary: first, rest } : { summary: comment.replace(/\.$/, '') };
}

function commentsIn(file: DescFile): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const { path, leadingComments } of file.proto.sourceCodeInfo?.location ?? []) {
    const text = leadingComments.replaceAll(/\s+/g, ' ').trim();
    if (text !== '') comments.set(path.join('.'), text);
  }
  return comments;
}

function fileOf(desc: Commented): DescFile {
  switch (desc.kind) {
    case 'service':
    case 'message':
      return desc.file;
    case 'rpc':
    case 'field':
      return desc.parent.file;
  }
}

/**
 * The way to a definition: pairs of a field number of descriptor.proto and an index.
 * Indices count in the raw descriptors: the library's lists leave out the entry messages of maps.
 */
function positionOf(desc: Commented): readonly number[] {
  switch (desc.kind) {
    case 'service':
      return [6, desc.file.proto.service.indexOf(desc.proto)];
    case 'rpc':
      return [...positionOf(desc.parent), 2, desc.parent.proto.method.indexOf(desc.proto)];
    case 'message':
      return desc.parent
        ? [...positionOf(desc.parent), 3, desc.parent.proto.nestedType.indexOf(desc.proto)]
        : [4, desc.file.proto.messageType.indexOf(desc.proto)];
    case 'field':
      return [...positionOf(desc.parent), 2, desc.parent.proto.field.indexOf(desc.proto)];
  }
}
