/** Why a value could never match, or would match something else than it seems to say. */
export interface TextFault {
  readonly fault: string;
  readonly help: string;
  /** What was probably meant. */
  readonly meant?: string;
}

/** The fault with what was meant as its help, where that has no fault itself. */
export function withProposal(
  found: TextFault | undefined,
  faultOf: (value: string) => TextFault | undefined,
): TextFault | undefined {
  const isProposable = found?.meant !== undefined && faultOf(found.meant) === undefined;
  return found && isProposable ? { ...found, help: `write \`${found.meant}\`` } : found;
}

export function starFault(value: string, help: string, meant?: string): TextFault | undefined {
  const inner = value.startsWith('*') ? value.slice(1) : value.endsWith('*') ? value.slice(0, -1) : value;
  if (!inner.includes('*')) return undefined;
  return { fault: 'a star is a wildcard only at one end', help, ...(meant !== undefined && { meant }) };
}
