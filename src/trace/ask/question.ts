import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import { endsOf } from '../../mesh/ends.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { TokenRule } from '../../mesh/policies/policy.js';
import { bearer, readersOf } from '../../mesh/policies/token-places.js';
import type { Destination, Request, Source, Token } from '../../mesh/request.js';
import { methodFault } from '../../util/http-methods.js';
import { sortedUnique } from '../../util/order.js';
import { destinationsNamed } from './destination.js';
import { payloadOf, type RequestWords } from './payload.js';
import { sourcesNamed } from './source.js';
import { withoutUrl } from './url.js';

/** A request in a person's words: names as the manifests have them, nothing bound yet. */
export interface Question extends RequestWords {
  /** `namespace/name` of a workload or Service, `gateway:namespace/name`, `external:name` or `outside`. */
  readonly from: string;
  readonly fromIp: string | undefined;
  /** `namespace/service:port`, `gateway:namespace/name:port`, `host:port` of a ServiceEntry, or a URL that a gateway serves. */
  readonly to: string;
  /** Where a name stands in several clusters. */
  readonly cluster: string | undefined;
  /** Whether the pod's own address is used. */
  readonly podIp: boolean;
  /** Whether only the gateway is asked, and not what becomes of the request behind it. */
  readonly atGateway?: boolean | undefined;
  /** Of the workloads behind a Service the one whose pods are asked about; absent: those to which the request is led. */
  readonly toWorkload?: string | undefined;
}

/** The requests that a question may mean: several where several pods stand behind a name. */
export interface Asked {
  readonly first: Request;
  readonly others: readonly Request[];
  /** The authority that was filled in because nobody named one. */
  readonly assumedHost: string | undefined;
}

/** Binds the names of a question. `undefined` where one of them names nothing, and the diagnostics say which. */
export function ask(mesh: Mesh, written: Question): Result<Asked | undefined> {
  const { value: addressed, diagnostics: unserved } = withoutUrl(mesh, written);
  const question = addressed && { ...addressed, token: addressed.token && whereRead(mesh, addressed.token) };
  if (question === undefined) return { value: undefined, diagnostics: unserved };
  const sources = sourcesNamed(mesh, question);
  const destinations = destinationsNamed(mesh, question);
  const diagnostics = [
    ...sources.diagnostics,
    ...destinations.diagnostics,
    ...checkToken(mesh, question),
    ...checkMethod(mesh, question),
    ...checkWorkload(question, destinations.value),
  ];
  const [source, ...otherSources] = sources.value;
  const [destination, ...otherDestinations] = destinations.value;
  if (source === undefined || destination === undefined || hasErrors(diagnostics))
    return { value: undefined, diagnostics };
  const request = (from: Source, to: Destination): Request => {
    return { source: from, destination: to, payload: payloadOf(mesh, question, to).payload };
  };
  const chosen = destinations.value.find((each) => each.kind === 'service' && each.workload === question.toWorkload);
  const endsFrom = (from: Source): readonly Destination[] =>
    chosen === undefined ? endsOf(mesh, from, destination, request(from, destination).payload) : [chosen];
  const [end = destination, ...otherEnds] =
    destination.kind === 'service' ? endsFrom(source) : [destination, ...otherDestinations];
  return {
    value: {
      first: request(source, end),
      others: [
        ...otherSources.map((other) => request(other, endsFrom(other)[0] ?? destination)),
        ...otherEnds.map((other) => request(source, other)),
      ],
      assumedHost: payloadOf(mesh, question, destination).assumedHost,
    },
    diagnostics,
  };
}

function checkWorkload({ to, toWorkload }: Question, found: readonly Destination[]): readonly Diagnostic[] {
  const behind = found.flatMap((each) => (each.kind === 'service' ? [each.workload] : []));
  if (toWorkload === undefined || found.length === 0 || behind.includes(toWorkload)) return [];
  const help = behind.length === 0 ? 'name a Service that it stands behind' : `behind it are ${behind.join(', ')}`;
  const problem = `\`${toWorkload}\` is no workload behind \`${to}\``;
  return [diagnostic('usage', { problem }, null, { help })];
}

/** A method that nobody sends would be answered as if somebody did. */
function checkMethod({ topology }: Mesh, { method }: Question): readonly Diagnostic[] {
  if (method === undefined) return [];
  const found = methodFault(method, topology.mesh.customMethods);
  return found === undefined ? [] : [diagnostic('malformed-method', { method }, null, found)];
}

/** A token is in the usual place, unless all who read tokens of its issuer look for them elsewhere. */
function whereRead(mesh: Mesh, token: Token): Token {
  const rules = tokenRules(mesh).filter(({ issuer }) => issuer === token.issuer);
  const [place] = rules.flatMap(({ places }) => places);
  return place === undefined || readersOf(bearer, rules).length > 0 ? token : { ...token, in: place };
}

function tokenRules({ clusters }: Mesh): readonly TokenRule[] {
  const policies = [...clusters.values()].flatMap(({ requestAuthentication }) => [...requestAuthentication.values()]);
  return policies.flat().flatMap(({ rules }) => rules);
}

function checkToken(mesh: Mesh, { token }: Question): readonly Diagnostic[] {
  if (token === undefined || token.issuer !== '') return [];
  const issuers = sortedUnique(tokenRules(mesh).map(({ issuer }) => issuer));
  const [known] = issuers;
  const details = known === undefined ? {} : { help: `say who issued it, for example \`--claim iss=${known}\`` };
  return [diagnostic('token-without-issuer', {}, null, details)];
}
