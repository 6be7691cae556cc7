import type { Fault } from '../../mesh/fault-names.js';
import type { ClaimValue } from '../../mesh/request.js';
import type { IstioVersion } from '../../parse/mesh.js';
import type { Question } from '../../trace/ask/question.js';
import type { MatrixQuestion } from '../../trace/matrix/matrix.js';
import { isIpBlock } from '../../util/ip.js';
import type { InputOptions } from '../project/load.js';

export interface TraceCommandOptions extends InputOptions {
  readonly from?: string;
  readonly fromIp?: string;
  readonly to?: string;
  readonly cluster?: string;
  readonly podIp?: boolean;
  readonly toWorkload?: string;
  readonly atGateway?: boolean;
  readonly tcp?: boolean;
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly header: readonly string[];
  readonly claim: readonly string[];
  readonly invalidToken?: boolean;
  readonly istio?: IstioVersion;
  readonly fault: readonly Fault[];
  readonly matrix?: boolean;
  readonly written?: boolean;
  readonly outputDir?: string;
  readonly output: 'human' | 'json';
  readonly exitCode?: boolean;
}

type Contradiction = readonly [holds: boolean, problem: string];

/** What is wrong with the options whatever the mesh is; `undefined` if nothing is. */
export function traceContradiction(options: TraceCommandOptions): string | undefined {
  const { from, fromIp, podIp = false, tcp = false, matrix = false, to, header, claim, path, fault } = options;
  const ofRequest = saysRequest(options);
  const runtime = fault.filter((each) => each === 'waypoint-down' || each === 'ext-authz-down');
  const badHeader = header.find((text) => pairOf(text, /[:=]/) === undefined);
  const badClaim = claim.find((text) => pairOf(text, /=/) === undefined);
  const bearer = header.some((text) => /^authorization\s*[:=]\s*bearer\b/i.test(text));
  const contradictions: readonly Contradiction[] = [
    [!matrix && from === undefined, '`--from` is missing: whose request is traced? (`--matrix` shows every caller)'],
    [
      matrix && from !== undefined && from !== 'outside',
      '`--matrix` shows every caller, or those from outside with `--from outside`, and no other with `--from`',
    ],
    [
      to === undefined && !(matrix && from === 'outside'),
      '`--to` is missing: who is called? (only `--matrix --from outside` shows all that can be reached)',
    ],
    [matrix && fromIp !== undefined, '`--matrix` shows every caller, and cannot be used with `--from-ip`'],
    [matrix && podIp, '`--matrix` shows both ways of addressing, and cannot be used with `--pod-ip`'],
    [
      options.toWorkload !== undefined && (matrix || podIp),
      '`--to-workload` is for one request to a Service, and cannot be used with `--matrix` or `--pod-ip`',
    ],
    [matrix && options.atGateway === true, '`--matrix` shows all requests, and cannot be used with `--at-gateway`'],
    [matrix && (ofRequest || tcp), '`--matrix` shows all requests, and takes none'],
    [matrix && options.exitCode === true, '`--matrix` has no verdict, and cannot be used with `--exit-code`'],
    [matrix && runtime.length > 0, `\`--matrix\` knows no fault \`${runtime[0]}\`: trace one request`],
    [tcp && ofRequest, '`--tcp` sends bytes, which have no method, path, host, header or token'],
    [
      ofRequest && to?.startsWith('tls://') === true,
      '`tls://` is a connection, which has no method, path, host, header or token',
    ],
    [podIp && to?.startsWith('gateway:') === true, '`--pod-ip` addresses workloads, not gateways'],
    [fromIp !== undefined && !isAddress(fromIp), `\`--from-ip\` takes one IP address, and \`${fromIp}\` is none`],
    [path !== undefined && !path.startsWith('/'), `a path begins with \`/\`, and \`${path}\` does not`],
    [badHeader !== undefined, `\`--header\` takes \`name: value\`, and \`${badHeader}\` is no such pair`],
    [badClaim !== undefined, `\`--claim\` takes \`name=value\`, and \`${badClaim}\` is no such pair`],
    [bearer, 'a bearer token is not read: say what it claims with `--claim iss=… --claim sub=…`'],
    [options.invalidToken === true && claim.length === 0, '`--invalid-token` needs a token: `--claim iss=…`'],
    [header.some((text) => /^host\s*[:=]/i.test(text)), 'the host is said with `--host`, and cannot be a header'],
  ];
  return contradictions.find(([holds]) => holds)?.[1];
}

function saysRequest({ method, path, host, header, claim }: TraceCommandOptions): boolean {
  return [method, path, host].some((word) => word !== undefined) || header.length + claim.length > 0;
}

function isAddress(text: string): boolean {
  return isIpBlock(text) && !text.includes('/');
}

/** The question that valid options ask. */
export function questionOf(options: TraceCommandOptions): Question {
  const {
    from = '',
    fromIp,
    to = '',
    toWorkload,
    atGateway,
    cluster,
    podIp = false,
    tcp = false,
    method,
    path,
    host,
    header,
  } = options;
  const headers = header.flatMap((text) => {
    const pair = pairOf(text, /[:=]/);
    return pair === undefined ? [] : [[pair[0].toLowerCase(), pair[1]] as const];
  });
  return {
    from,
    fromIp,
    to,
    cluster,
    podIp,
    toWorkload,
    atGateway,
    tcp,
    method: method?.toUpperCase(),
    path,
    host,
    headers: Object.fromEntries(headers),
    token: tokenOf(options),
  };
}

export function matrixQuestionOf({ to, cluster, from }: TraceCommandOptions): MatrixQuestion {
  return { to, cluster, isFromOutside: from === 'outside' };
}

/** Registered claims have places of their own; any other is kept by its path. */
function tokenOf({ claim, invalidToken = false }: TraceCommandOptions): Question['token'] {
  if (claim.length === 0) return undefined;
  const pairs = claim.flatMap((text) => {
    const pair = pairOf(text, /=/);
    return pair === undefined ? [] : [pair];
  });
  const values = (name: string) => pairs.filter(([key]) => key === name).map(([, value]) => value);
  const texts = (name: string) => values(name).map(unquoted);
  const [subject] = texts('sub');
  const [presenter] = texts('azp');
  const names = pairs.map(([name]) => name).filter((name) => !['iss', 'sub', 'aud', 'azp'].includes(name));
  return {
    issuer: texts('iss')[0] ?? '',
    ...(subject !== undefined && { subject }),
    ...(presenter !== undefined && { presenter }),
    audiences: texts('aud'),
    claims: Object.fromEntries(names.map((name) => [name, values(name).map(claimValue)])),
    valid: !invalidToken,
  };
}

/** As JSON would have it where it is a boolean, a number or a text in quotes; any other text stands for itself. */
function claimValue(written: string): ClaimValue {
  const isJson = /^(?:true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/.test(written);
  return isJson ? (JSON.parse(written) as ClaimValue) : unquoted(written);
}

function unquoted(written: string): string {
  return /^"(.*)"$/s.exec(written)?.[1] ?? written;
}

function pairOf(text: string, separator: RegExp): readonly [name: string, value: string] | undefined {
  const at = text.search(separator);
  return at <= 0 ? undefined : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
