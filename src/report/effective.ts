import type { Span } from '../diagnostics/diagnostic.js';
import type { Condition } from '../parse/ast.js';
import type { EffectiveLayer, EffectiveSettings, ReplacedRule } from '../proof/intents/effective.js';
import type { Origin, ResolvedRule, Setting, Target } from '../resolve/resolved.js';
import { lineOf } from './trace/line-of.js';

type DisplayPath = (path: string) => string;

/** A part of the settings, with where it is written. */
interface Part {
  readonly id: string;
  readonly place: string;
  readonly says: string;
  readonly mandate: boolean;
}

/** What holds for each workload, part by part, with the line that contributes it. */
export function effectiveToText(found: readonly EffectiveSettings[], displayPath: DisplayPath): string {
  return found.map((each) => `${textOf(told(each, displayPath)).join('\n')}\n`).join('\n');
}

export function effectiveToJson(found: readonly EffectiveSettings[], displayPath: DisplayPath): string {
  return `${JSON.stringify(
    found.map((each) => told(each, displayPath)),
    undefined,
    2,
  )}\n`;
}

type Told = ReturnType<typeof told>;

function told({ workload, ...settings }: EffectiveSettings, displayPath: DisplayPath) {
  const { mtls, plaintext, defaults, layers, deny, external, replaced } = settings;
  const rules = (grants: ReadonlyArray<{ rule: ResolvedRule; target: Target }>) =>
    distinct(grants.map((grant) => partOfRule(grant, displayPath)));
  const tokens = [...layers.flatMap(({ allow }) => allow), ...deny].flatMap(({ rule }) => rule.issuers);
  return {
    workload: `${workload.namespace}/${workload.name}`,
    cluster: workload.cluster,
    services: workload.services,
    mtls: mtls.map((each) => partOfSetting(each, displayPath)),
    plaintext: rules(plaintext),
    default: defaults.map((each) => partOfSetting(each, displayPath)),
    allowed: layers
      .filter(({ stricter, isOpen, allow }, index) => index === 0 || stricter || isOpen || allow.length > 0)
      .map((layer) => toldLayer(layer, rules(layer.allow), displayPath)),
    denied: rules(deny),
    external: external.length === 0 ? [] : rules(external),
    tokenIssuers: [...new Set(tokens.map(({ name }) => name))],
    replaced: replaced.map((each) => toldReplaced(each, displayPath)),
  };
}

function toldLayer({ stricter, isOpen }: EffectiveLayer, rules: readonly Part[], displayPath: DisplayPath) {
  return {
    ...(stricter && { stricter: partOfSetting(stricter, displayPath) }),
    everything: isOpen,
    rules,
  };
}

function toldReplaced({ origin, by }: ReplacedRule, displayPath: DisplayPath) {
  return {
    id: origin.id,
    place: placeOf(origin.span, displayPath),
    by: { id: by.origin.id, place: placeOf(by.origin.span, displayPath) },
  };
}

function partOfSetting({ value, origin, mandate }: Setting<string>, displayPath: DisplayPath): Part {
  return partOf(origin, value, mandate, displayPath);
}

function partOfRule({ rule, target }: { rule: ResolvedRule; target: Target }, displayPath: DisplayPath): Part {
  const asked = rule.authorizer === undefined ? '' : `asks ${rule.authorizer} about `;
  const callers = rule.authorizer === undefined ? `from ${rule.callers.map(({ label }) => label).join(', ')} ` : '';
  return partOf(rule.origin, `${asked}${callers}${requestsOf(target)}`, rule.mandate, displayPath);
}

function partOf({ id, span }: Origin, says: string, mandate: Span | undefined, displayPath: DisplayPath): Part {
  return { id, place: placeOf(span, displayPath), says, mandate: mandate !== undefined };
}

function requestsOf({ ports, exceptPorts, conditions }: Target): string {
  const where = ports === undefined ? 'to every port' : `to port ${ports.map(({ label }) => label).join(', ')}`;
  const except = exceptPorts.length === 0 ? '' : ` but ${exceptPorts.map(({ label }) => label).join(', ')}`;
  return [`${where}${except}`, ...conditions.map(conditionOf)].join(', ');
}

/** One thing that is asked of requests: `methods DELETE`. */
export function conditionOf({ key, name, values, isNegated }: Condition): string {
  const what = name === undefined ? key : `${key === 'headers' ? 'header' : key} ${name}`;
  return `${isNegated ? 'not ' : ''}${what} ${values.map(({ value }) => value).join(' ')}`;
}

/** A rule may speak of the same pods at several of their Services. */
function distinct(parts: readonly Part[]): readonly Part[] {
  return [...new Map(parts.map((part) => [`${part.id} ${part.says}`, part])).values()];
}

function placeOf(span: Span, displayPath: DisplayPath): string {
  return `${displayPath(span.file.path)}:${lineOf(span)}`;
}

function textOf(told: Told): readonly string[] {
  const services = told.services.length === 0 ? '' : `, behind service ${told.services.join(', ')}`;
  return [
    `${told.workload}${services}, in cluster ${told.cluster}`,
    ...section('mutual TLS', told.mtls, 'as the mesh has it'),
    ...section('without mutual TLS', told.plaintext),
    ...section('default', told.default, 'Allow: no settings say otherwise'),
    ...told.allowed.flatMap(layerOf),
    ...section('denied', told.denied),
    ...section('asked of an authorizer', told.external),
    ...(told.tokenIssuers.length === 0 ? [] : [`  tokens validated of: ${told.tokenIssuers.join(', ')}`]),
    ...(told.replaced.length === 0 ? [] : ['  not in force here']),
    ...told.replaced.map(({ id, place, by }) => `    ${id} (${place}): replaced by ${by.id} (${by.place})`),
  ];
}

function layerOf({ stricter, everything, rules }: Told['allowed'][number], index: number): readonly string[] {
  const title =
    stricter !== undefined
      ? `of that, allowed by ${stricter.id} (${stricter.place})`
      : index === 0
        ? 'allowed'
        : 'allowed besides';
  const whole = everything ? ['    everything'] : [];
  const none = rules.length === 0 && !everything ? ['    nothing'] : [];
  return [`  ${title}`, ...whole, ...none, ...rules.map(lineOfPart)];
}

function section(title: string, parts: readonly Part[], otherwise?: string): readonly string[] {
  if (parts.length > 0) return [`  ${title}`, ...parts.map(lineOfPart)];
  return otherwise === undefined ? [] : [`  ${title}`, `    ${otherwise}`];
}

function lineOfPart({ id, place, says, mandate }: Part): string {
  return `    ${id} (${place})${mandate ? ', a mandate' : ''}: ${says}`;
}
