import type { JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asObject, asText } from '../json.js';
import { isListed } from './http-actions.js';
import { each } from './refusal.js';

const mutual = ['MUTUAL', 'OPTIONAL_MUTUAL'];

/** How a server ends TLS (L-56): with certificates from one place, as far as it ends it. */
export function checkServerTls(value: JsonValue | undefined, place: Path): readonly Complaint[] {
  const tls = asObject(value);
  if (tls === undefined) return [];
  const mode = asText(tls.mode) ?? 'PASSTHROUGH';
  const has = (field: string) => (asText(tls[field]) ?? '') !== '' || isListed(tls[field]);
  const sources = ['credentialName', 'credentialNames', 'tlsCertificates', 'serverCertificate'].filter(has);
  if (mode === 'ISTIO_MUTUAL') {
    return complaintWhen(
      sources.length > 0 || has('privateKey') || has('caCertificates'),
      place,
      '`mode: ISTIO_MUTUAL` uses the certificates of the mesh, and no others',
    );
  }
  const several = complaintWhen(
    sources.length > 1,
    place,
    `${sources.map((each) => `\`${each}\``).join(' and ')} exclude each other`,
  );
  const isOwn = mode === 'SIMPLE' || mutual.includes(mode);
  if (!isOwn || has('credentialName') || has('credentialNames')) return several;
  const needed = isListed(tls.tlsCertificates)
    ? each(tls.tlsCertificates, [...place, 'tlsCertificates'], (certificate, here) =>
        checkFiles(certificate, here, mode),
      )
    : checkFiles(tls, place, mode);
  const isAlone = mutual.includes(mode) && !has('caCertificates');
  return [
    ...several,
    ...needed,
    ...complaintWhen(
      isAlone,
      place,
      `\`mode: ${mode}\` needs \`caCertificates\` of the clients, or a \`credentialName\``,
    ),
  ];
}

function checkFiles(value: JsonValue, place: Path, mode: string): readonly Complaint[] {
  const files = asObject(value) ?? {};
  const missing = ['serverCertificate', 'privateKey'].filter((field) => (asText(files[field]) ?? '') === '');
  return missing.map((field) => ({ place, why: `\`mode: ${mode}\` needs a \`${field}\`, or a \`credentialName\`` }));
}
