import type { JsonObject, JsonValue, Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from './complaint.js';

const withoutTls = ['HTTP', 'TCP', 'UDP'];
const withoutHostname = ['TCP', 'UDP'];

/** What the API server refuses of listeners of the shape that they ought to have, in a Gateway or a ListenerSet (L-08). */
export function checkListeners(listeners: readonly JsonObject[], place: Path): readonly Complaint[] {
  const places = listeners.map(socketOf);
  return listeners.flatMap((listener, index) => {
    const here = [...place, index];
    const isTaken = places.indexOf(places[index] ?? '') < index;
    return [
      ...checkListener(listener, here),
      ...complaintWhen(isTaken, here, 'another listener has its port, protocol and hostname'),
    ];
  });
}

function socketOf({ port = 0, protocol = '', hostname = null }: JsonObject): string {
  return JSON.stringify([port, protocol, hostname]);
}

function checkListener({ protocol, hostname, tls }: JsonObject, place: Path): readonly Complaint[] {
  const spoken = String(protocol);
  const isNamed = (hostname ?? '') !== '';
  return [
    ...complaintWhen(
      withoutHostname.includes(spoken) && isNamed,
      [...place, 'hostname'],
      `a listener for \`${spoken}\` has no \`hostname\``,
    ),
    ...(isMapping(tls) ? checkTls(tls, spoken, [...place, 'tls']) : []),
  ];
}

function checkTls({ mode, certificateRefs, options }: JsonObject, protocol: string, place: Path): readonly Complaint[] {
  if (withoutTls.includes(protocol)) return [{ place, why: `a listener for \`${protocol}\` has no \`tls\`` }];
  const isEnded = (mode ?? 'Terminate') === 'Terminate';
  return [
    ...complaintWhen(protocol === 'HTTPS' && !isEnded, [...place, 'mode'], '`protocol: HTTPS` needs `mode: Terminate`'),
    ...complaintWhen(
      isEnded && sizeOf(certificateRefs) + sizeOf(options) === 0,
      place,
      '`mode: Terminate` needs `certificateRefs` or `options`',
    ),
  ];
}

function sizeOf(value: JsonValue | undefined): number {
  return Object.keys(value ?? {}).length;
}

function isMapping(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
