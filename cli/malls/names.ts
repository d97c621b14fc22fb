/** The mall that is meant when no name is given; it alone claims the well-known ports. */
export const defaultName = 'mall';

/** Folders of the mall home that are no malls. */
const reserved = ['tools'];

/** Names are folder names and parts of stream names: short, lower case, no dots. */
const shape = /^[a-z][a-z0-9-]{0,30}$/;

/** What is wrong with a name; undefined when nothing is. */
export function nameComplaint(name: string): string | undefined {
  if (reserved.includes(name)) return `"${name}" is reserved`;
  if (shape.test(name)) return undefined;
  return 'it must begin with a lower-case letter and hold at most 31 of a-z, 0-9 and -';
}
