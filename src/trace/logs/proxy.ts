import { jsonFields } from './json-fields.js';
import { addressOf, type LoggedEnd, type LogLine, type Outcome, policyOfRule, type Side, timeIn } from './log-line.js';

/** A record of Envoy's access log by the names that Istio's JSON format gives its parts; `-` is what there is none of. */
type Fields = Readonly<Record<string, string>>;

/** A line of an Envoy: of Istio's access log as text or JSON, or of its `rbac` log at level debug (F-65). */
export function readProxyLine(text: string): LogLine | undefined {
  const fields = text.startsWith('{') ? jsonFields(text) : fieldsIn(text);
  if (fields?.response_flags !== undefined) return accessLine(fields);
  const [, how, verdict, named = ''] = /\b(enforced|shadow) (denied|allowed), matched policy (\S+)/.exec(text) ?? [];
  if (how === undefined) return undefined;
  return {
    ...nobody,
    side: undefined,
    time: timeIn(text),
    outcome: outcomeOf(verdict === 'denied', how === 'shadow'),
    because: `${how} ${verdict}`,
    policy: policyOfRule(named),
    request: undefined,
    flags: [],
  };
}

const nobody = { writtenBy: 'proxy', caller: {}, destination: {} } as const;

function outcomeOf(isDenied: boolean, isShadow: boolean): Outcome {
  if (isShadow) return isDenied ? 'would be refused' : 'would be let through';
  return isDenied ? 'refused' : 'passed';
}

/** The parts of Istio's default text format, in its order, without those that say nothing here. */
const textFormat = new RegExp(
  [
    String.raw`^\[(?<start_time>[^\]]+)\] "(?<line>[^"]*)" (?<response_code>\d+) (?<response_flags>\S+)`,
    String.raw`(?<response_code_details>\S+) (?<connection_termination_details>.*?) "(?<upstream_transport_failure_reason>[^"]*)"`,
    String.raw`\d+ \d+ \S+ \S+ "[^"]*" "[^"]*" "[^"]*" "(?<authority>[^"]*)" "(?<upstream_host>[^"]*)"`,
    String.raw`(?<upstream_cluster>\S+) \S+ (?<downstream_local_address>\S+) (?<downstream_remote_address>\S+)`,
    String.raw`(?<requested_server_name>\S+) (?<route_name>\S+)`,
  ].join(' '),
);

function fieldsIn(text: string): Fields | undefined {
  const groups = textFormat.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const [method = '-', path = '-'] = groups.line?.split(' ') ?? [];
  return { ...groups, method, path };
}

function accessLine(fields: Fields): LogLine {
  const details = said(fields.response_code_details);
  const ended = said(fields.connection_termination_details);
  const because = details === undefined || details === 'via_upstream' ? (ended ?? details) : details;
  const flags = (said(fields.response_flags) ?? '').split(',').filter((flag) => flag !== '');
  const [method, path] = [said(fields.method), said(fields.path)];
  return {
    writtenBy: 'proxy',
    side: sides[directionOf(fields)],
    time: timeIn(fields.start_time),
    outcome: isRefusal(because) ? 'refused' : flags.length > 0 ? 'failed' : 'passed',
    because,
    policy: policyOfRule(/^rbac_access_denied_matched_policy\[(.*)\]$/.exec(because ?? '')?.[1] ?? ''),
    caller: { address: addressOf(fields.downstream_remote_address).address },
    destination: destinationOf(fields),
    request:
      method === undefined || path === undefined
        ? undefined
        : { method, path, authority: said(fields.authority) ?? '' },
    flags,
  };
}

const sides: Readonly<Record<string, Side>> = {
  inbound: 'destination',
  'inbound-vip': 'waypoint',
  outbound: 'caller',
};

/** The first part of the name of an Envoy cluster. */
function directionOf(fields: Fields): string {
  return fields.upstream_cluster?.split('|')[0] ?? '';
}

function isRefusal(because: string | undefined): boolean {
  return /^(?:rbac_access_denied|ext_authz_denied|ext_authz_error|jwt_authn_access_denied)/.test(because ?? '');
}

/** `outbound|80||host`, and `inbound-vip|80|http|host` at a waypoint, name the Service; `inbound|8080||` the pod's port. */
function destinationOf(fields: Fields): LoggedEnd {
  const [direction, port, , host] = said(fields.upstream_cluster)?.split('|') ?? [];
  if (direction === 'inbound') return { ...addressOf(fields.downstream_local_address), port: Number(port) };
  if (host !== undefined && host !== '') return { host, port: Number(port) };
  return addressOf(fields.downstream_local_address);
}

function said(text: string | undefined): string | undefined {
  return text === undefined || text === '-' || text === '' ? undefined : text;
}
