import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { alreadyReported, itemsAt, textAt } from '../../topology/fields.js';
import { keyOf } from '../../topology/model.js';
import type { LintContext } from './lint.js';

/**
 * An address is given once pods were ready, and never taken away (W-30): requests go on being sent to a Gateway that has
 * lost its pods, and find nobody.
 */
export function gatewaysNotProgrammed({ cluster }: LintContext): readonly Diagnostic[] {
  return [...cluster.waypoints.values(), ...cluster.gateways.values()].flatMap((gateway) => {
    const condition = notProgrammed(gateway.object);
    if (condition === undefined || !hasAddress(gateway.object)) return [];
    const [reason = '', message = ''] = ['reason', 'message'].map((field) => textOf(gateway.object, condition, field));
    const law = 'an address is never taken away, so that requests are sent there all the same (W-30)';
    const notes = [...(message === '' ? [] : [{ message: `it says: ${message}` }]), { message: law }];
    const parameters = { gateway: keyOf(gateway), reason };
    return [diagnostic('gateway-not-programmed', parameters, spanIn(gateway.object, condition), { notes })];
  });
}

/** Whether a Gateway has an address, and istiod has said of the whole of it that it is not programmed. */
export function isAddressedAndNotProgrammed(object: ManifestObject): boolean {
  return notProgrammed(object) !== undefined && hasAddress(object);
}

function notProgrammed(object: ManifestObject): Path | undefined {
  if (object.kind !== 'Gateway') return undefined;
  return itemsAt(object, ['status', 'conditions'], alreadyReported).find(
    (place) => textOf(object, place, 'type') === 'Programmed' && textOf(object, place, 'status') === 'False',
  );
}

function textOf(object: ManifestObject, place: Path, field: string): string | undefined {
  return textAt(object, [...place, field], alreadyReported);
}

function hasAddress(object: ManifestObject): boolean {
  return itemsAt(object, ['status', 'addresses'], alreadyReported).length > 0;
}
