/** Under these names laws are cited, and filed. */
export const documentNames = ['istio-security', 'istio-traffic-topology'] as const;

export type DocumentName = (typeof documentNames)[number];

/** How a text names a law: `istio-security §2.3`, `§2.3`, `W-13`; or what upstream says itself: `istio#51445`. */
export interface Citation {
  readonly document?: string;
  readonly id: string;
}

// The blanks of a citation that goes over a line's end may hold the mark of a comment. Sections of an RFC are none of ours.
const inText =
  /(?:\b(istio-[a-z]+(?:-[a-z]+)*)[\s*/]+)?(?<!RFC \d+,? )(?:§\s?(\d+(?:\.\d+)?)|(?<![\w-])([A-Z]-\d\d[a-z]?)(?![\w-]))/g;
const issues = /(?<![\w&])(istio\.io|istio|ztunnel|api)?#(\d{3,6})\b/g;

/** Every law that a text cites. A bare `§` belongs to istio-security; ids with a letter belong where they are found. */
export function citationsIn(text: string): Citation[] {
  const laws = [...text.matchAll(inText)].map(([, document, section, id = '']) => {
    if (section === undefined) return document === undefined ? { id } : { document, id };
    return { document: document ?? documentNames[0], id: `§${section}` };
  });
  return [
    ...laws,
    ...[...text.matchAll(issues)].map(([, project = 'istio', number]) => ({ id: `${project}#${number}` })),
  ];
}

/**
 * The citations of which a question consists, or none if it is something else. People type what a terminal showed them:
 * in parentheses, several at once, or without a `§`, which keyboards lack.
 */
export function citationsOf(question: string): Citation[] {
  const parts = question
    .replace(/[()]/g, ' ')
    .split(/,|\band\b/)
    .map((part) => part.trim());
  const citations = parts.map(citationOf);
  return citations.every((citation) => citation !== undefined) ? citations : [];
}

const asked =
  /^(?:(istio-[a-z-]+)\s+)?(§?\s*\d{1,2}(?:\.\d{1,2})?|[a-z]-\d+[a-z]?|(?:istio|istio\.io|ztunnel|api)?#\d+)(?:\s+[a-z])?$/i;

function citationOf(part: string): Citation | undefined {
  const [, document, name = ''] = asked.exec(part) ?? [];
  if (name === '' || (/^\d/.test(name) && document === undefined)) return undefined;
  const id = idOf(name);
  return document === undefined ? { id } : { document: document.toLowerCase(), id };
}

/** `2.3` is `§2.3`, `w-13` is `W-13`, and `#51445` an issue of Istio. */
function idOf(name: string): string {
  if (name.includes('#')) return name.startsWith('#') ? `istio${name}` : name.toLowerCase();
  if (/[a-z]-/i.test(name)) return name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
  return `§${name.replace(/[§\s]/g, '')}`;
}

/** As it is written in full. */
export function citationText({ document, id }: Citation): string {
  return document === undefined ? id : `${document} ${id}`;
}
