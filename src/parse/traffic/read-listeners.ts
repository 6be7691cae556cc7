import type { Cursor } from '../cursor.js';
import { readTexts } from '../parse-references.js';
import type { WantedListener, WantedTls } from './listeners.js';

/** A listener of a gateway. */
export function readListener(listener: Cursor): WantedListener {
  return {
    name: listener.field('name').text(),
    port: Number(listener.field('port').value),
    protocol: listener.field('protocol').value as WantedListener['protocol'],
    hosts: listener.optional('hosts', readTexts) ?? [],
    tls: listener.optional('tls', readTls),
    redirect: listener.optional('redirect', (node) => node.text() as NonNullable<WantedListener['redirect']>),
    routesFrom: listener.optional('allowRoutesFrom', (node) => node.value as WantedListener['routesFrom']) ?? 'Same',
    span: listener.span,
  };
}

function readTls(tls: Cursor): WantedTls {
  return {
    mode: tls.optional('mode', (node) => node.value as WantedTls['mode']) ?? 'Terminate',
    certificate: tls.optional('certificate', (node) => node.text()),
    caCertificates: tls.optional('caCertificates', (node) => node.text()),
    span: tls.keySpan,
  };
}
