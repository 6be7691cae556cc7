/** RFC 1123 and RFC 1035 as Kubernetes reads them; each answers with what is wrong, or `undefined`. */
type Syntax = (text: string) => string | undefined;

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';

export const dnsLabel = syntax('a lowercase RFC 1123 label', 63, new RegExp(`^${label}$`));
export const dnsLabel1035 = syntax('an RFC 1035 label', 63, /^[a-z]([-a-z0-9]*[a-z0-9])?$/);
export const dnsSubdomain = syntax('a lowercase RFC 1123 subdomain', 253, new RegExp(`^${label}(\\.${label})*$`));
export const labelValue = syntax('a label value', 63, /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/);
export const configKey = syntax('a data key', 253, /^(?!\.\.?$|\.\.)[-._a-zA-Z0-9]+$/);
export const portName = syntax('a port name', 15, /^(?!.*--)(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);

const qualifiedPart = syntax('a qualified name', 63, /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/);

/** `name` or `prefix/name`: the key of a label or an annotation. */
export function qualifiedName(text: string): string | undefined {
  const [first = '', second, ...more] = text.split('/');
  if (more.length > 0) return `\`${text}\` is not a qualified name`;
  return second === undefined ? qualifiedPart(first) : (dnsSubdomain(first) ?? qualifiedPart(second));
}

/** A DNS name whose first label may be `*`. */
export function wildcardDomain(text: string): string | undefined {
  return dnsSubdomain(text.replace(/^\*\./, '').toLowerCase());
}

function syntax(what: string, longest: number, pattern: RegExp): Syntax {
  return (text) => {
    if (text.length > longest) return `\`${text}\` is longer than ${longest} characters`;
    return pattern.test(text) ? undefined : `\`${text}\` is not ${what}`;
  };
}
