import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Result, Span } from '../diagnostics/diagnostic.js';
import { endsOf } from '../mesh/ends.js';
import { parseAddress } from '../mesh/ip.js';
import type { Mesh } from '../mesh/mesh.js';
import type { Destination, Request, Source } from '../mesh/request.js';
import type { AccessCase } from '../parse/ast.js';
import { fromDeclaredAddresses } from '../trace/ask/addresses.js';
import { destinationsNamed } from '../trace/ask/destination.js';
import { checkCluster } from '../trace/ask/locate.js';
import { payloadOf, type RequestWords } from '../trace/ask/payload.js';
import { sourcesNamed } from '../trace/ask/source.js';
import { withoutUrl } from '../trace/ask/url.js';
import { methodFault } from '../util/http-methods.js';
import { tokenOf } from './token-of-case.js';

/** Every pod behind the names must be treated as expected: load balancing may pick any of them. */
export function requestsOf(mesh: Mesh, each: AccessCase): Result<readonly Request[]> {
  const { from, fromIp, to, cluster, method } = each;
  const clusterFaults = cluster === undefined ? [] : at(cluster.span, checkCluster(mesh, cluster.value));
  const address = fromIp !== undefined && parseAddress(fromIp.value) === undefined ? [malformed(fromIp)] : [];
  const sources = sourcesNamed(mesh, { cluster: cluster?.value, from: from.value, fromIp: fromIp?.value });
  const addressed = addressOf(mesh, each);
  const token = tokenOf(mesh, each.token);
  const { destinations } = addressed.value;
  const words = { ...addressed.value.words, token: token.value };
  const diagnostics = [
    ...clusterFaults,
    ...address,
    ...methodFaults(mesh, method),
    ...at(from.span, sources.diagnostics),
    ...at(to.span, addressed.diagnostics),
    ...token.diagnostics,
  ];
  const requests = sources.value.flatMap((source) =>
    endsOfAll(mesh, source, destinations, words).flatMap((destination) => {
      const { payload } = payloadOf(mesh, words, destination);
      return fromDeclaredAddresses(mesh, { source, destination, payload });
    }),
  );
  return { value: diagnostics.length > 0 ? [] : requests, diagnostics };
}

/** What is addressed, and the words of the request, some of which a URL says. */
function addressOf(
  mesh: Mesh,
  { to, cluster, addressing, method, path, host, headers }: AccessCase,
): Result<{ readonly destinations: readonly Destination[]; readonly words: Omit<RequestWords, 'token'> }> {
  const written = { cluster: cluster?.value, to: to.value, host, path, tcp: false };
  const url = withoutUrl(mesh, written);
  const { tcp, path: ofUrl, host: named, ...said } = url.value ?? written;
  const words = { ...said, tcp, method: method?.value, path: ofUrl, host: named, headers };
  if (url.value === undefined) return { value: { destinations: [], words }, diagnostics: url.diagnostics };
  const { value, diagnostics } = destinationsNamed(mesh, { ...said, podIp: addressing === 'podIP' });
  return { value: { destinations: value, words }, diagnostics };
}

/** Of a Service the pods to which its requests go, whatever routes make of them. */
function endsOfAll(
  mesh: Mesh,
  source: Source,
  destinations: readonly Destination[],
  words: RequestWords,
): readonly Destination[] {
  const [first] = destinations;
  if (first?.kind !== 'service') return destinations;
  return endsOf(mesh, source, first, payloadOf(mesh, words, first).payload);
}

/** What a document says instead of a flag of the command line. */
const helps: Partial<Record<Diagnostic['name'], string>> = {
  'name-in-several-clusters': 'choose one with `cluster`',
  'workload-needs-pod-ip': 'name its Service, or write `via: podIP` to address its pods',
};

function at(span: Span, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((found) => {
    const help = helps[found.name] ?? found.help;
    return { ...found, span, ...(help !== undefined && { help }) };
  });
}

/** A method that nobody sends is answered no whatever the policies say, so that such a test would prove nothing. */
function methodFaults({ topology }: Mesh, method: AccessCase['method']): readonly Diagnostic[] {
  if (method === undefined) return [];
  const found = methodFault(method.value, topology.mesh.customMethods);
  return found === undefined ? [] : [diagnostic('malformed-method', { method: method.value }, method.span, found)];
}

function malformed({ value, span }: NonNullable<AccessCase['fromIp']>): Diagnostic {
  return diagnostic('malformed-ip-block', { block: value }, span);
}
