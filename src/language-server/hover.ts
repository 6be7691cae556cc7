import { catalogue } from '../diagnostics/catalogue.js';
import type { SourceFile, Span } from '../diagnostics/diagnostic.js';
import type { Manifest } from '../emit/manifest.js';
import { kinds } from '../parse/kinds.js';
import { effectiveSettings } from '../proof/intents/effective.js';
import { effectiveToText } from '../report/effective.js';
import { explainSubject, provenanceOf } from '../report/explain.js';
import { summaryOf } from '../report/markdown/summary.js';
import { bindingPhrase, planePhrase } from '../report/topology/phrases.js';
import type { Service } from '../topology/model.js';
import type { Known } from './known.js';
import { hasNamespace, type Referred, referredBy, wholeName } from './references.js';
import { idsAround } from './rule-ids.js';
import { descriptionOf, type Schema, schemasAt, wordsOf } from './schema.js';
import { type Spot, spotAt, textAt } from './spot.js';

/** What is told of a part of a text, in Markdown. */
export interface Told {
  readonly markdown: string;
  readonly span: Span;
}

/** What an editor is told from. */
export interface Asking {
  readonly root: Schema;
  readonly known: Known | undefined;
  /** The page of a code, in Markdown. */
  pageOf(code: string): string;
}

/** What is known of what stands at an offset: a code, a rule, a name, or a field of the language. */
export function hoverAt(file: SourceFile, offset: number, asking: Asking): Told | undefined {
  const code = codeAt(file, offset);
  if (code !== undefined) return { markdown: aboutCode(code, asking), span: code };
  const spot = spotAt(file, offset);
  if (spot === undefined) return undefined;
  const markdown = aboutSpot(spot, asking);
  return markdown === undefined ? undefined : { markdown, span: spot.document.spanOf(spot.path, spot.part) };
}

function aboutSpot(spot: Spot, asking: Asking): string | undefined {
  const { document, path, part } = spot;
  const kind = kinds.find((each) => each === textAt(document.value, ['kind']));
  if (kind === undefined) return isName(path) ? aboutObject(document.value, asking.known) : undefined;
  const field = aboutField(schemasAt(asking.root, kind, path));
  if (part === 'key') return joined(field, isSetting(path) ? aboutRule(spot, asking.known) : undefined);
  const referred = referredBy(path);
  const name = textAt(document.value, path);
  if (referred !== undefined && name !== undefined) {
    const whole = hasNamespace(referred) ? wholeName(document.value, name) : name;
    return joined(aboutName(referred, whole, asking.known), field);
  }
  return path.at(-1) === 'name' || isSetting(path) ? joined(aboutRule(spot, asking.known), field) : field;
}

/** A setting that is explained like a rule. */
function isSetting(path: Spot['path']): boolean {
  const last = path.at(-1);
  return last === 'default' || (last === 'mtls' && path.length === 2) || (last === 'mode' && path.at(-2) === 'mtls');
}

function isName(path: Spot['path']): boolean {
  return path.join('.') === 'metadata.name';
}

function aboutField(schemas: readonly Schema[]): string | undefined {
  const words = wordsOf(schemas).map((word) => `\`${word}\``);
  return joined(descriptionOf(schemas), words.length > 0 ? `One of ${words.join(', ')}.` : undefined);
}

/** What a rule or setting became, where it is enforced, and why there. */
function aboutRule(spot: Spot, known: Known | undefined): string | undefined {
  const { whole } = known ?? {};
  if (whole === undefined) return undefined;
  const [explained] = idsAround(spot).flatMap((id) => explainSubject(whole, id) ?? []);
  return (
    explained && joined(fenced(explained), known?.latest === whole && known?.isBehind !== true ? undefined : asOfBefore)
  );
}

/** What is in force for whoever has a name, and how Istio sees it. */
function aboutName(referred: Referred, name: string, known: Known | undefined): string | undefined {
  const isEnd = referred === 'caller' || referred === 'destination';
  if (!isEnd && referred !== 'service' && referred !== 'workload' && referred !== 'namespace') return undefined;
  return aboutKey(name.replace(/:.*$/, ''), known);
}

function aboutObject(value: unknown, known: Known | undefined): string | undefined {
  const [kind, name = ''] = [textAt(value, ['kind']), textAt(value, ['metadata', 'name'])];
  const namespace = textAt(value, ['metadata', 'namespace']);
  const key = kind === 'Namespace' ? name : `${namespace ?? 'default'}/${name}`;
  const written = known?.whole && provenanceOf(known.whole, [kind, namespace, name].filter(Boolean).join('/'));
  return joined(written && fenced(written), aboutKey(key, known));
}

function aboutKey(key: string, known: Known | undefined): string | undefined {
  const resolved = known?.latest.resolved ?? known?.whole?.resolved;
  const { topology, manifests = [] } = known?.whole ?? known?.latest ?? {};
  const places = topology?.clusters.flatMap(({ name, services, workloads }) => {
    const [service, workload] = [services.get(key), workloads.get(key)];
    return [
      ...(service
        ? [`- Service in ${name}: ${enrolment(service, manifests) ?? `waypoint ${bindingPhrase(service.binding)}`}`]
        : []),
      ...(workload ? [`- ${workload.kind} in ${name}: ${planePhrase(workload.mode.plane)}`] : []),
    ];
  });
  const settings = resolved ? effectiveSettings(resolved, key) : [];
  const isOlder = resolved !== known?.latest.resolved || known?.isBehind === true;
  const isBefore = settings.length > 0 && isOlder;
  const effective = settings.length === 0 ? undefined : fenced(effectiveToText(settings, (path) => path));
  return joined(
    places && places.length > 0 ? `**${key}**\n\n${places.join('\n')}` : undefined,
    effective,
    isBefore ? asOfBefore : undefined,
  );
}

/** Said where the text as it is now does not compile. */
const asOfBefore = 'As of the text that last compiled.';

/** What is written for a Service brings its traffic through a waypoint, which its own manifest does not say. */
function enrolment(service: Service, manifests: readonly Manifest[]): string | undefined {
  const written = manifests.find(({ cluster, object: { kind, metadata } }) => {
    const isSame = metadata.namespace === service.namespace && metadata.name === service.name;
    return kind === 'Service' && cluster === service.cluster && isSame;
  });
  return written?.header[0];
}

function codeAt(file: SourceFile, offset: number): Span | undefined {
  for (const { index, 0: code } of file.text.slice(Math.max(0, offset - 7), offset + 7).matchAll(/AMB\d{4}/g)) {
    const start = Math.max(0, offset - 7) + index;
    if (start <= offset && offset <= start + code.length) return { file, start, end: start + code.length };
  }
  return undefined;
}

const codes = new Set<string>(Object.values(catalogue).map(({ code }) => code));

function aboutCode({ file, start, end }: Span, { pageOf }: Asking): string {
  const code = file.text.slice(start, end);
  if (!codes.has(code)) return `there is no ${code}`;
  const { title, first } = summaryOf(pageOf(code));
  return `**${title}**\n\n${first}\n\n\`ambit explain ${code}\``;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}

function joined(...parts: ReadonlyArray<string | undefined>): string | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join('\n\n');
}
