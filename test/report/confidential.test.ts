import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import { isConfidential } from '../../src/diagnostics/confidential.js';
import { memoryHost } from '../support/memory-host.js';

const value = 'c2VjcmV0LXZhbHVl';

const secret = (data: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: shop }\ndata:\n${data}\n`;

async function said(text: string, name = 'a.yaml'): Promise<string> {
  const outputs = await Promise.all(
    [[], ['--diagnostics', 'json']].map(async (options) => {
      const host = memoryHost({ files: { [`/work/${name}`]: text } });
      await runCli([...options, 'verify', '-f', name], host);
      return host.stdout() + host.stderr();
    }),
  );
  return outputs.join('\n');
}

describe('no report shows what a Secret holds, however it is broken', () => {
  it.each([
    ['a tab', `\tpassword: ${value}`],
    ['no colon', `  password ${value}\n  a: b: c`],
    ['a tag', `  password: !${value}`],
    ['an alias', `  password: *${value}`],
    ['a number that is not finite', `  password: .inf\n  other: ${value}`],
    ['a key twice', `  password: ${value}\n  password: ${value}`],
    ['an open quote', `  password: "${value}`],
    ['an open brace', `  password: { ${value}`],
    ['text in brackets', `  password: [${value}?]`],
    ['a glued separator', `  password: ${value}---\n  a: b: c`],
    ['text after the separator', `  password: a\n--- ${value}\nkind: Secret\nmetadata: { name: { a: ${value} } }`],
    ['a block', `  password: |\n ${value}\n  a: [`],
    ['a wrong name', `  password: ${value}\nmetadata: { name: [${value}] }`],
  ])('%s', async (_, data) => {
    const text = await said(secret(data));
    expect(text).toContain('AMB1');
    expect(text).not.toContain(value);
  });

  it('in JSON, and in a list beside other objects, whose lines are shown', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: { name: 12, namespace: shop }\n- apiVersion: v1\n  kind: Secret\n  metadata: { name: 13 }\n  stringData: { a: ${value} }\n`;
    const text = await said(list);
    expect(text).toContain('metadata: { name: 12');
    expect(text).not.toContain('name: 13');
    const json = `{ "kind": "Secret", "apiVersion": "v1", "metadata": { "name": 1 }, "data": { "a": "${value}" } }`;
    expect(await said(json, 'a.json')).not.toContain(value);
  });

  it('nor the keys of a RequestAuthentication, of the right type or not', async () => {
    const authentication = (jwks: string) =>
      `apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: { name: a, namespace: shop }\nspec:\n  jwtRules:\n  - issuer: i\n    jwks: ${jwks}\n`;
    for (const jwks of [
      `'{"kty": 1, "k": "${value}"}'`,
      `{ keys: [{ k: ${value} }] }`,
      `|\n      { "k": "${value}" }`,
    ]) {
      const text = await said(authentication(jwks));
      expect(text).toContain('AMB5001');
      expect(text).not.toContain(value);
    }
  });
});

describe('what a line has to look like to be kept back', () => {
  it.each([
    ['  password: hunter2', true],
    ['  DB_PASSWORD: "hunter2"', true],
    ['  - { name: API_TOKEN, value: abc }', true],
    ['    authorization: Bearer abcdefgh12345', true],
    ['  token: eyJhbGciOiJSUzI1NiJ9.e30.x', true],
    ['-----BEGIN PRIVATE KEY-----', true],
    ['  MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7', true],
    ['  authorization: { default: Deny }', false],
    ['  authorization:', false],
    ['  automountServiceAccountToken: false', false],
    ['  secretName: shop-tls', false],
    ['  credentialName: shop-tls', false],
    ['  - key: request.headers[authorization]', false],
    ['  principals: [cluster.local/ns/a-rather-long-namespace-name/sa/a-rather-long-account]', false],
    ['  jwksUri: https://issuer.example/keys', false],
  ])('%s: %s', (text, expected) => {
    expect(isConfidential({ file: { path: 'a.yaml', text }, start: 2, end: 5 })).toBe(expected);
  });
});
