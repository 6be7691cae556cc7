import type { ManifestObject, Path } from '../../parse/document.js';
import type { IstioVersion } from '../../parse/mesh.js';
import { integerAt, itemsAt, labelsAt, mappingAt, type Report, textAt } from '../fields.js';
import { label } from '../labels.js';
import type { Labels, ListenerTls } from '../model.js';

/** A listener of Gateway API, and the Gateway whose pods serve it. */
interface ListenerAt {
  readonly object: ManifestObject;
  readonly path: Path;
  readonly port: number;
  readonly gateway: ManifestObject;
  readonly version: IstioVersion;
}

const optionOfMode = 'gateway.istio.io/tls-terminate-mode';
const optionOfProtocol = 'gateway.istio.io/listener-protocol';

/** What is not passed through is ended there; who then shows a certificate, options of Istio's and the Gateway say (istio-security §2.10). */
export function readListenerTls(listener: ListenerAt, report: Report): ListenerTls | undefined {
  const { object } = listener;
  const path = [...listener.path, 'tls'];
  if (mappingAt(object, path, report) === undefined) return undefined;
  const options = labelsAt(object, [...path, 'options'], report);
  if (textAt(object, [...path, 'mode'], report) === 'Passthrough') {
    return isBetweenNetworks(listener, options, report) ? 'AUTO_PASSTHROUGH' : 'PASSTHROUGH';
  }
  const option = options[optionOfMode];
  if (option === 'ISTIO_MUTUAL') return 'ISTIO_MUTUAL';
  if (option === 'ISTIO_SIMPLE') return 'SIMPLE';
  const validation = validationAt(listener, report);
  if (validation !== undefined) return validatedMode(listener, validation, option, report);
  return option === 'MUTUAL' || option === 'OPTIONAL_MUTUAL' ? option : 'SIMPLE';
}

/** A listener for other networks leads on by server names that stand for Services. */
function isBetweenNetworks({ object, port }: ListenerAt, options: Labels, report: Report): boolean {
  if (options[optionOfProtocol] === 'auto-passthrough') return true;
  const labels = labelsAt(object, ['metadata', 'labels'], report);
  return labels[label.network] !== undefined && String(port) === (labels[label.gatewayPort] ?? '15443');
}

/** Where a Gateway says by which authorities the certificates of clients are checked, on one port or on all. */
function validationAt({ gateway, port }: ListenerAt, report: Report): Path | undefined {
  const frontend = ['spec', 'tls', 'frontend'];
  const own = itemsAt(gateway, [...frontend, 'perPort'], report).find(
    (each) => integerAt(gateway, [...each, 'port'], report) === port,
  );
  const path = own === undefined ? [...frontend, 'default', 'validation'] : [...own, 'tls', 'validation'];
  return itemsAt(gateway, [...path, 'caCertificateRefs'], report).length === 0 ? undefined : path;
}

/** Options count beside it from 1.30 on, and its own mode from 1.31 on. */
function validatedMode(
  { gateway, version }: ListenerAt,
  validation: Path,
  option: string | undefined,
  report: Report,
): ListenerTls {
  if (version >= '1.30' && (option === 'OPTIONAL_MUTUAL' || option === 'MUTUAL')) return option;
  const falls = textAt(gateway, [...validation, 'mode'], report) === 'AllowInsecureFallback';
  return version >= '1.31' && falls ? 'OPTIONAL_MUTUAL' : 'MUTUAL';
}
