import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/pipeline.js';
import { goldenCases } from './support/cases.js';
import { leavesOf } from './support/leaves.js';
import { sharedDirectory } from './support/shared.js';

/** What public documents use, and where in an object of that kind it stands; `undefined`: what the language does not say yet. */
const features: Readonly<Record<string, RegExp | undefined>> = {
  'AuthorizationPolicy: caller by principal, namespace; method, path, port, host, header with values':
    /^spec\.rules\.\d+\.to\.\d+\.operation\.(?:methods|paths|ports|hosts)\./,
  'AuthorizationPolicy: a gateway as destination': /^spec\.targetRefs\.\d+\.kind=Gateway$/,
  'AuthorizationPolicy: negated paths': /\.operation\.notPaths\./,
  'AuthorizationPolicy: header absent, or not equal': /^spec\.rules\.\d+\.when\.\d+\.notValues\./,
  'AuthorizationPolicy: a token required or absent (notRequestPrincipals)': /\.source\.notRequestPrincipals\.\d+=\*$/,
  'AuthorizationPolicy: CUSTOM': /^spec\.action=CUSTOM$/,
  'AuthorizationPolicy: claims': /\.when\.\d+\.key=request\.auth\.claims\[/,
  'AuthorizationPolicy: requestPrincipals of an issuer': /\.source\.requestPrincipals\.\d+=https:/,
  'AuthorizationPolicy: negated namespaces': /\.source\.notNamespaces\./,
  'AuthorizationPolicy: seen in test suites only: negated methods, ports, hosts, principals; patterns of methods, namespaces, principals; SNI; remote addresses; dry run; AUDIT; trust domains':
    undefined,
  'RequestAuthentication: issuer with jwksUri': /^spec\.jwtRules\.\d+\.jwksUri=/,
  'RequestAuthentication: token in a header with a prefix': /^spec\.jwtRules\.\d+\.fromHeaders\.\d+\.prefix=/,
  'RequestAuthentication: original token forwarded': /^spec\.jwtRules\.\d+\.forwardOriginalToken=true$/,
  'RequestAuthentication: claims to headers': /^spec\.jwtRules\.\d+\.outputClaimToHeaders\./,
  'RequestAuthentication: payload to a header': /^spec\.jwtRules\.\d+\.outputPayloadToHeader=/,
  'RequestAuthentication: audiences': /^spec\.jwtRules\.\d+\.audiences\./,
  'RequestAuthentication: targetRefs': /^spec\.targetRefs\./,
  'PeerAuthentication: DISABLE': /^spec\.mtls\.mode=DISABLE$/,
  'NetworkPolicy beside them: 53 in one mesh': /^spec\.ingress\.\d+\.from\./,
};

describe('security that public documents ask for', () => {
  const objects = goldenCases()
    .filter(({ name }) => /^(?:placement|tokens|mtls)\//.test(name))
    .flatMap(({ sources, options }) => compile(sources, { ...options, verify: false }).manifests)
    .map(({ object }) => ({ kind: object.kind, leaves: leavesOf(object) }));

  it.each(Object.entries(features))('is written for an intent: %s', (name, form) => {
    const [kind] = name.split(/[: ]/);
    const isWritten = objects.some((each) => each.kind === kind && form && each.leaves.some((leaf) => form.test(leaf)));
    expect(isWritten).toBe(form !== undefined);
  });

  const counted = join(sharedDirectory, 'facts', 'real-use.md');

  it.skipIf(!existsSync(counted))('is all known here', () => {
    const [, table = ''] = readFileSync(counted, 'utf8').split('## Security features');
    const rows = table
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => /^\| [A-Z]/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, kind, feature]) => `${kind}: ${feature}`);
    expect(rows).toEqual(Object.keys(features));
  });
});
