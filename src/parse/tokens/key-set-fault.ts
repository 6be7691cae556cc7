/** Why a text is no JSON Web Key Set with which proxies can check signatures; `undefined` where it is one. */
export function keySetFault(text: string): string | undefined {
  const value = parsed(text);
  if (value === undefined) return 'it is no JSON';
  const { keys } = Object(value);
  if (!Array.isArray(keys)) return 'it has no list `keys`';
  if (keys.length === 0) return 'its list `keys` is empty';
  return keys.map((key, index) => keyFault(Object(key), `key ${index + 1}`)).find((fault) => fault !== undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The public parts of a key, by its type (RFC 7518 and RFC 8037). */
const publicParts: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
};

function keyFault(key: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const type = String(key.kty);
  if (type === 'oct') return `${name} is a shared secret, with which every reader of the policy could issue tokens`;
  const parts = Object.hasOwn(publicParts, type) ? publicParts[type] : undefined;
  if (parts === undefined) return `${name} is of no known type (\`kty\`)`;
  if (key.d !== undefined) return `${name} is a private key`;
  const missing = parts.find((part) => typeof key[part] !== 'string' || !/^[A-Za-z0-9_-]+$/.test(String(key[part])));
  return missing === undefined ? undefined : `${name} has no \`${missing}\` in base64url`;
}
