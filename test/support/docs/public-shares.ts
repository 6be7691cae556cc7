/** A thing that public documents use. */
export interface Use {
  /** How many of them, for each of the things that the name lists; empty where nobody counted them. */
  readonly documents: readonly number[];
  /** Where in an object of that kind it stands, as `path=value`; `undefined`: what the language does not say. */
  readonly form: RegExp | undefined;
}

type Counts = Readonly<Record<string, number>>;
type Uses = Readonly<Record<string, Use>>;

/** Of the documents of one kind, those that can be said at the least: each use that cannot may stand in another one. */
interface Share {
  readonly kind: string;
  readonly documents: number;
  readonly uses: number;
  readonly said: number;
  readonly least: number;
}

function shareOf(kind: string, documents: number, uses: Uses): Share {
  const ofKind = Object.entries(uses).filter(([name]) => name.startsWith(`${kind}: `));
  const sum = (chosen: typeof ofKind) => chosen.flatMap(([, use]) => use.documents).reduce((all, one) => all + one, 0);
  const unsaid = sum(ofKind.filter(([, { form }]) => form === undefined));
  const all = sum(ofKind);
  return { kind, documents, uses: all, said: all - unsaid, least: Math.max(0, documents - unsaid) };
}

/** The least share of all documents together that can be said, in percent. */
export function leastShare(counted: Counts, uses: Uses): number {
  const shares = Object.entries(counted).map(([kind, documents]) => shareOf(kind, documents, uses));
  const sum = (field: 'documents' | 'least') => shares.reduce((all, share) => all + share[field], 0);
  return Math.floor((100 * sum('least')) / sum('documents'));
}

export function sharesTable(counted: Counts, uses: Uses): string {
  const lines = Object.entries(counted).map(([kind, documents]) => {
    const { least, ...share } = shareOf(kind, documents, uses);
    const percent = Math.floor((100 * least) / documents);
    return `| ${kind} | ${documents} | ${share.uses} | ${share.said} | ${least} (${percent} %) |`;
  });
  return `| Kind | Documents | Uses | Uses that can be said | Documents that can be said, at the least |
| --- | --- | --- | --- | --- |
${lines.join('\n')}`;
}
