const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * What is wrong with an expression of CEL as far as its brackets, quotes and operators go; `undefined` where nothing is.
 * What its names and types mean only Envoy knows.
 */
export function expressionFault(expression: string): string | undefined {
  const text = expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '0');
  if (/["']/.test(text)) return 'a quote is never closed';
  const operator = /(?<![=!<>])=(?!=)|(?<!&)&(?!&)|(?<!\|)\|(?!\|)/.exec(text);
  if (operator !== null) return `\`${operator[0]}\` is no operator`;
  if (/^\s*(?:&&|\|\||[=!<>]=|[<>*/%,.])|(?:&&|\|\||[=!<>]=|[<>+\-*/%,.!])\s*$/.test(text))
    return 'an operator stands alone';
  return bracketFault(text);
}

function bracketFault(text: string): string | undefined {
  const open: string[] = [];
  for (const character of text) {
    const wanted = closing[character];
    if (wanted !== undefined) open.push(wanted);
    else if (Object.values(closing).includes(character) && open.pop() !== character)
      return `\`${character}\` closes nothing`;
  }
  const missing = open.pop();
  return missing === undefined ? undefined : `\`${missing}\` is missing`;
}
