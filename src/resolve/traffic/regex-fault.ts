/** What keeps a text from being an expression of RE2, which is what proxies match with; `undefined` where nothing is found. */
export function regexFault(regex: string): string | undefined {
  const foreign = elsewhere.find(({ form }) => form.test(regex));
  if (foreign !== undefined) return foreign.why;
  try {
    new RegExp(regex.replace(/^\(\?[is]+\)/, ''), 'u');
    return undefined;
  } catch {
    return 'it cannot be read as a regular expression';
  }
}

/** What other dialects have. */
const elsewhere = [
  { form: /\(\?<?[=!]/, why: 'RE2 has no lookaround' },
  { form: /\\[1-9]/, why: 'RE2 has no back references' },
  { form: /\(\?>|[*+?}]\+/, why: 'RE2 has no possessive quantifiers or atomic groups' },
];
