import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import type { IstioVersion } from '../../parse/mesh.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asArray, asLabels, asObject, asText, asTexts } from '../json.js';
import { checkDestinations, checkMirrors } from './destinations.js';
import { checkDuration } from './durations.js';
import { checkExportTo } from './export-to.js';
import { checkHeaders, isAuthority } from './headers.js';
import {
  checkCors,
  checkDirectResponse,
  checkFault,
  checkRedirect,
  checkRetries,
  checkRewrite,
  isListed,
} from './http-actions.js';
import { checkGatewayNames, checkHttpMatch, claimsIn } from './http-match.js';
import { checkLabels } from './labels.js';
import { checkPort, faultOfHost, isAddress, isBlock, isWithinHost, overlap } from './names.js';
import { by, each, isWritten, type Judged, type Refusal } from './refusal.js';

/** What Istio's webhook refuses in a VirtualService. One without hosts is a part of another, which delegates to it. */
export function checkVirtualService(judged: Judged): readonly Refusal[] {
  const { spec, version } = judged;
  const isDelegate = asTexts(spec.hosts).length === 0;
  const isNothing = !['http', 'tcp', 'tls'].some((kind) => isListed(spec[kind]));
  return [
    ...by(
      'L-10',
      complaintWhen(isNothing, ['spec'], 'one of `http`, `tcp` and `tls` is needed'),
      isDelegate ? checkDelegate(spec) : [],
    ),
    ...by('L-11', checkHosts(spec), checkGatewayNames(spec.gateways, ['spec', 'gateways'])),
    ...by('L-25', isForMesh(spec) ? checkClaims(spec) : []),
    ...each(spec.http, ['spec', 'http'], (rule, place) =>
      checkHttpRule(asObject(rule) ?? {}, place, isDelegate, version),
    ),
    ...by(
      'L-22',
      each(spec.tls, ['spec', 'tls'], (rule, place) => checkTlsRule(rule, place, spec)),
    ),
    ...by('L-22', each(spec.tcp, ['spec', 'tcp'], checkTcpRule)),
    ...by('L-24', checkExportTo(judged, 'is refused')),
  ];
}

function checkDelegate(spec: JsonObject): readonly Complaint[] {
  return ['gateways', 'tls', 'tcp'].flatMap((field) =>
    complaintWhen(
      isListed(spec[field]),
      ['spec', field],
      `without \`hosts\` it is a delegate, which has no \`${field}\``,
    ),
  );
}

function isForMesh({ gateways }: JsonObject): boolean {
  return asTexts(gateways).length === 0 || asTexts(gateways).includes('mesh');
}

function checkHosts(spec: JsonObject): readonly Complaint[] {
  const hosts = asTexts(spec.hosts);
  const isOfGateways = !isForMesh(spec);
  const isSni = isOfGateways && asArray(spec.tls).length > 0;
  return hosts.flatMap((host, index) => {
    const place: Path = ['spec', 'hosts', index];
    const isGenerated = isSni && host.startsWith('outbound_');
    const why = isAddress(host) || isGenerated ? undefined : faultOfHost(host, 'wildcards');
    const rival = hosts.find((other, position) => position < index && overlap(other, host));
    return [
      ...(why === undefined ? [] : [{ place, why }]),
      ...complaintWhen(host === '*' && !isOfGateways, place, '`*` is for gateways, and not for the mesh'),
      ...complaintWhen(rival !== undefined, place, `\`${host}\` and \`${rival}\` name a host twice`),
    ];
  });
}

/** Tokens are read at gateways before they route, and nowhere else. */
function checkClaims(spec: JsonObject): readonly Complaint[] {
  return claimsIn(spec.http, ['spec', 'http']).map(({ place, name }) => ({
    place,
    why: `\`${name}\` can be asked for at gateways only, and not in the mesh`,
  }));
}

function checkHttpRule(rule: JsonObject, place: Path, isDelegate: boolean, version: IstioVersion): readonly Refusal[] {
  const at = (field: string): Path => [...place, field];
  return [
    ...by('L-12', checkConflicts(rule, place, isDelegate)),
    ...by('L-21', each(rule.match, at('match'), checkHttpMatch)),
    ...by('L-20', checkHeaders(rule.headers, at('headers')), checkAuthority(rule, place)),
    ...by('L-19', checkCors(rule.corsPolicy, at('corsPolicy'))),
    ...by('L-15', checkFault(rule.fault, at('fault'))),
    ...by('L-13', checkMirrors(rule, place), checkDestinations(rule.route, at('route'))),
    ...by('L-17', checkRedirect(rule.redirect, at('redirect'), version), checkRewrite(rule.rewrite, at('rewrite'))),
    ...by('L-18', checkDirectResponse(rule.directResponse, at('directResponse'))),
    ...by('L-16', checkRetries(rule.retries, at('retries'))),
    ...by('L-14', checkDuration(rule.timeout, at('timeout'))),
  ];
}

/** What a rule cannot do at once. */
function checkConflicts(rule: JsonObject, place: Path, isDelegate: boolean): readonly Complaint[] {
  const has = (field: string) => (field === 'route' ? isListed(rule.route) : isWritten(rule[field]));
  const excluding = (field: string, others: readonly string[]) =>
    others
      .filter(has)
      .map((other) => ({ place: [...place, other], why: `\`${field}\` and \`${other}\` exclude each other` }));
  if (has('delegate') && isDelegate)
    return [{ place: [...place, 'delegate'], why: 'a delegate cannot delegate again' }];
  if (has('delegate')) return excluding('delegate', ['redirect', 'route']);
  if (has('redirect')) return excluding('redirect', ['route', 'fault', 'rewrite', 'directResponse']);
  if (has('directResponse')) return excluding('directResponse', ['route', 'fault', 'rewrite']);
  return complaintWhen(!has('route'), place, 'one of `route`, `redirect` and `directResponse` is needed');
}

/** The host can be changed in one place. */
function checkAuthority({ rewrite, headers }: JsonObject, place: Path): readonly Complaint[] {
  const { set, add } = asObject(asObject(headers)?.request) ?? {};
  const written = [...Object.keys(asLabels(set)), ...Object.keys(asLabels(add))].filter(isAuthority);
  const rewritten = (asText(asObject(rewrite)?.authority) ?? '') === '' ? 0 : 1;
  return complaintWhen(written.length + rewritten > 1, [...place, 'headers'], 'the host is set more than once');
}

function checkTlsRule(value: JsonValue, place: Path, spec: JsonObject): readonly Complaint[] {
  const { match, route } = asObject(value) ?? {};
  return [
    ...complaintWhen(!isListed(match), place, 'a rule of `tls` needs a `match`'),
    ...complaintWhen(!isListed(route), place, 'a rule of `tls` needs a `route`'),
    ...each(match, [...place, 'match'], (item, here) => checkTlsMatch(item, here, spec)),
    ...checkDestinations(route, [...place, 'route']),
  ];
}

function checkTlsMatch(value: JsonValue, place: Path, { hosts }: JsonObject): readonly Complaint[] {
  const { sniHosts } = asObject(value) ?? {};
  const names = asTexts(sniHosts);
  const outside = names.filter((name) => !isAddress(name) && !asTexts(hosts).some((host) => isWithinHost(name, host)));
  return [
    ...complaintWhen(names.length === 0, place, 'a match of `tls` needs `sniHosts`'),
    ...outside.map((name) => ({
      place: [...place, 'sniHosts', names.indexOf(name)],
      why: `\`${name}\` is not among the hosts of the VirtualService`,
    })),
    ...checkConnectionMatch(value, place),
  ];
}

function checkTcpRule(value: JsonValue, place: Path): readonly Complaint[] {
  const { match, route } = asObject(value) ?? {};
  return [
    ...complaintWhen(!isListed(route), place, 'a rule of `tcp` needs a `route`'),
    ...each(match, [...place, 'match'], checkConnectionMatch),
    ...checkDestinations(route, [...place, 'route']),
  ];
}

function checkConnectionMatch(value: JsonValue, place: Path): readonly Complaint[] {
  const { destinationSubnets, port, gateways, sourceLabels } = asObject(value) ?? {};
  return [
    ...asTexts(destinationSubnets).flatMap((subnet, index) =>
      complaintWhen(
        !isBlock(subnet),
        [...place, 'destinationSubnets', index],
        `\`${subnet}\` is no range of addresses`,
      ),
    ),
    ...(isWritten(port) && port !== 0 ? checkPort(port, [...place, 'port']) : []),
    ...checkLabels(sourceLabels, [...place, 'sourceLabels']),
    ...checkGatewayNames(gateways, [...place, 'gateways']),
  ];
}
