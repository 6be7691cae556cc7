import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { keySetFault } from '../../src/parse/tokens/key-set-fault.js';

const pairs = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EC: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  OKP: generateKeyPairSync('ed25519'),
};

it.each(Object.entries(pairs))('takes a public key of type %s, and no private one', (_, { publicKey, privateKey }) => {
  const setOf = (...keys: readonly unknown[]) => JSON.stringify({ keys });
  const shown = publicKey.export({ format: 'jwk' });
  expect(keySetFault(setOf(shown))).toBeUndefined();
  expect(keySetFault(setOf(shown, privateKey.export({ format: 'jwk' })))).toBe('key 2 is a private key');
});

it.each([
  ['it is no JSON', 'https://sso.example.com/keys'],
  ['it has no list `keys`', '{"kty": "RSA"}'],
  ['it has no list `keys`', '3'],
  ['its list `keys` is empty', '{"keys": []}'],
  ['key 1 is of no known type (`kty`)', '{"keys": ["a"]}'],
  ['key 1 is of no known type (`kty`)', '{"keys": [{"kty": "constructor"}]}'],
  ['key 1 is of no known type (`kty`)', '{"keys": [null]}'],
  ['key 1 has no `y` in base64url', '{"keys": [{"kty": "EC", "crv": "P-256", "x": "AQAB"}]}'],
])('refuses a text: %s', (fault, text) => {
  expect(keySetFault(text)).toBe(fault);
});
