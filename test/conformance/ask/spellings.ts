/**
 * Paths that a pattern matches, nearly matches, or matches only once they are normalised. What no request line may hold is
 * escaped, as clients do.
 */
export function pathsNear(pattern: string): readonly string[] {
  const paths = pattern.includes('{') ? nearTemplate(pattern) : nearText(pattern);
  return paths.filter((path) => path.startsWith('/')).map((path) => path.replace(/[^!-~]+/gu, encodeURIComponent));
}

function nearTemplate(pattern: string): readonly string[] {
  const filled = pattern.replaceAll('{*}', 'seg').replaceAll('{**}', 'a/b');
  return [
    filled,
    pattern.replaceAll('{*}', 'seg').replaceAll('{**}', 'x'),
    pattern.replaceAll('{*}', 'a/b').replaceAll('{**}', ''),
    pattern.replaceAll('{*}', 'a=b').replaceAll('{**}', 'a%20b'),
    `${filled}/more`,
  ];
}

function nearText(pattern: string): readonly string[] {
  if (pattern === '*') return ['/any'];
  if (pattern.endsWith('*')) {
    const start = pattern.slice(0, -1);
    return [start, `${start}zz`, `${start}z/../y`, start.slice(0, -1) || '/'];
  }
  if (pattern.startsWith('*')) return [`/before${pattern.slice(1)}`, pattern.slice(1), `/${pattern.slice(1)}`];
  return [
    pattern,
    ...['/', 'x', '?q=1', '#q', '?q=1#q', '/../', ';v=1', '%2fx', '%5Cx'].map((end) => `${pattern}${end}`),
    pattern.replace(/^\//, '//'),
    pattern.toUpperCase(),
    pattern.replace(/\/([a-z])/, (_, letter: string) => `/%${letter.charCodeAt(0).toString(16)}`),
    `/./${pattern.slice(1)}`,
    `/away/..${pattern}`,
  ];
}

const known = ['GET', 'PUT', 'POST', 'PATCH', 'OPTIONS', 'HEAD', 'DELETE', 'TRACE', 'PROPFIND'];

/** Methods that a pattern means. Those that Envoy’s HTTP/1 does not know it answers with 400, and the judge speaks no other. */
export function methodsOf(pattern: string): readonly string[] {
  if (!pattern.includes('*')) return known.filter((method) => method === pattern);
  return known.filter((method) =>
    pattern.startsWith('*') ? method.endsWith(pattern.slice(1)) : method.startsWith(pattern.slice(0, -1)),
  );
}

export function hostsNear(pattern: string): readonly string[] {
  if (pattern.includes('://')) return [];
  const host = pattern.replace('*', 'w');
  return [host, host.toUpperCase(), ...(/:\d+$/.test(host) ? [] : [`${host}:80`, `${host}:8080`])];
}

/** A text that a pattern of a value matches. */
export function sampleOf(pattern: string): string {
  return pattern.replaceAll('*', 'w');
}
