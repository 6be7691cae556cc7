/** What Envoy's response flags say (envoy, `StreamInfo::ResponseFlag`), and what of a project may be behind them. */
const flags: Readonly<Record<string, string>> = {
  DC: 'the caller closed the connection before there was an answer',
  DI: 'a fault of a route delayed the request',
  DPE: 'the caller sent what is no HTTP',
  FI: 'a fault of a route aborted the request',
  IH: 'a header of the request has a value that the proxy refuses',
  LH: 'the health check of the proxy failed',
  NC: 'the route names a Service or a version that the proxy does not know',
  NFCF: 'no filter chain is for this connection',
  NR: 'no route, or no filter chain, is for this request',
  OM: 'the proxy is short of memory',
  RL: 'a limit of requests was reached',
  RLSE: 'the rate limit service did not answer',
  SI: 'nothing was sent for longer than the idle timeout',
  UAEX: 'an external authorizer refused the request, or did not answer',
  UC: 'the destination closed the connection',
  UF: 'no connection to the destination could be made: nobody listens, or the TLS of both ends does not fit',
  UH: 'no pod of the destination is healthy, or it has none',
  UMSDR: 'the request took longer than its whole time',
  UO: 'a limit of connections or of pending requests was reached',
  UPE: 'the destination answered with what is no HTTP',
  UR: 'the destination reset the request',
  URX: 'all retries were used up',
  UT: 'the destination did not answer within the timeout of the route',
};

/** The flag in words; `undefined` where it is none of Envoy's. */
export function flagInWords(flag: string): string | undefined {
  return flags[flag];
}
