import type { JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asObject, asText } from '../json.js';
import { isListed } from './http-actions.js';

const files = ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl'];

/** How a client speaks TLS (L-36): with certificates from one place. */
export function checkClientTls(value: JsonValue | undefined, place: Path, namespace: string): readonly Complaint[] {
  const tls = asObject(value);
  if (tls === undefined) return [];
  const mode = asText(tls.mode) ?? 'DISABLE';
  const has = (field: string) => (asText(tls[field]) ?? '') !== '';
  const own = mode === 'SIMPLE' || mode === 'MUTUAL';
  const missing = ['clientCertificate', 'privateKey'].filter((field) => !has(field));
  const isUnverified = own && tls.insecureSkipVerify === true;
  const verified = ['caCertificates', ...(mode === 'SIMPLE' ? ['credentialName'] : [])].filter(has);
  return [
    ...checkConfigMap(asText(tls.credentialName) ?? '', [...place, 'credentialName'], namespace),
    ...complaintWhen(
      isUnverified && (verified.length > 0 || isListed(tls.subjectAltNames)),
      place,
      '`insecureSkipVerify` excludes what the certificate would be compared with',
    ),
    ...complaintWhen(
      own && has('credentialName') && files.some(has),
      place,
      '`credentialName` excludes files of certificates',
    ),
    ...(mode === 'MUTUAL' && !has('credentialName')
      ? missing.map((field) => ({ place, why: `mode \`MUTUAL\` needs a \`${field}\`` }))
      : []),
  ];
}

function checkConfigMap(name: string, place: Path, namespace: string): readonly Complaint[] {
  const [, home] = /^configmap:\/\/([^/]*)\/[^/]+$/.exec(name) ?? [];
  if (!name.startsWith('configmap://') || home === undefined) return [];
  return complaintWhen(home !== namespace, place, `\`${name}\` is not of namespace \`${namespace}\``);
}
