/**
 * Whether a block may hold a line that looks like a key and is none: where a quoted text or a collection in flow style
 * goes on below the line that begins it. What YAML itself marks as text by indentation hides nothing.
 */
export function hidesKeys(block: string): boolean {
  if (!opening.test(block)) return false;
  let literal = Number.POSITIVE_INFINITY;
  return block.split('\n').some((line) => {
    const indent = line.search(/[^ ]/);
    if (indent === -1 || indent > literal) return false;
    literal = beginsLiteral.test(line) ? indent : Number.POSITIVE_INFINITY;
    const at = line.search(opening);
    return at !== -1 && !closed.test(line.slice(at));
  });
}

const opening = /["'[{]/;

/** `key: |`, whose lines are those that are indented more than the key. */
const beginsLiteral = /^ *[A-Za-z][\w./-]*: +[|>][-+]?$/;

const closed = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\{\}|\[\])$/;
