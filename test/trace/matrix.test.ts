import { expect, it } from 'vitest';
import type { Source } from '../../src/mesh/request.js';
import { matrixOf } from '../../src/trace/matrix/matrix.js';
import {
  meshOf,
  peerAuthentication,
  policy,
  service,
  threeNamespaces,
  waypoint,
  workload,
} from '../mesh/support/mesh.js';
import { bytes, get, verdictOf } from '../mesh/support/requests.js';

const mesh = meshOf(`${threeNamespaces.replace(
  service('amb', 'server'),
  service('amb', 'server', '{ istio.io/use-waypoint: waypoint }'),
)}
${waypoint('amb')}
${workload('amb', 'other')}
${policy('amb', 'readers', '{ targetRefs: [{ group: "", kind: Service, name: server }], rules: [{ from: [{ source: { serviceAccounts: [amb/client] } }], to: [{ operation: { methods: [GET] } }] }, { from: [{ source: { serviceAccounts: [amb/other] } }] }] }')}
${policy('side', 'clients', '{ selector: { matchLabels: { app: server } }, rules: [{ from: [{ source: { namespaces: [side] } }] }] }')}
${peerAuthentication('side', 'default', '{ mtls: { mode: STRICT } }')}
`);

const matrix = (to: string) => matrixOf(mesh, { to, cluster: undefined }).value;

it('puts callers together that get the same through, and tells apart those that do not', () => {
  const [table] = matrix('amb/server:http')?.tables ?? [];
  expect(table?.columns).toEqual(['by its name', 'by pod IP, port 8080']);
  const rows = table?.rows.map(({ speaks, who, cells }) => [speaks, who.join(), ...cells.map(({ kind }) => kind)]);
  expect(rows).toEqual([
    ['ambient', 'amb/other', 'all', 'all'],
    ['ambient', 'amb/client', 'some', 'all'],
    ['ambient', 'amb/server', 'none', 'all'],
    ['sidecar', 'every sidecar workload', 'all', 'all'],
    ['plaintext', 'every workload outside the mesh', 'all', 'all'],
    ['plaintext', 'anyone outside', 'all', 'all'],
  ]);
});

it('says what is let through where it is some', () => {
  const row = matrix('amb/server:http')?.tables[0]?.rows.find(({ who }) => who.includes('amb/client'));
  expect(row?.cells[0]?.through).toEqual(['GET']);
});

it('asks about requests and about bytes where the port may carry both', () => {
  expect(matrix('amb/server:auto')?.tables.map(({ payload }) => payload)).toEqual(['http', 'tcp']);
});

it.each(['amb/server:80', 'side/server:80', 'plain/server:81', 'side/server:82'])(
  'agrees with the trace of %s',
  (to) => {
    const [service = '', port = ''] = to.split(':');
    const podPort = { 80: 8080, 81: 9000, 82: 8082 }[port] ?? 0;
    const sources: readonly Source[] = ['amb', 'side', 'plain'].map((namespace) => {
      return { kind: 'workload', cluster: 'east', workload: `${namespace}/client` };
    });
    for (const table of matrix(to)?.tables ?? []) {
      for (const source of sources) {
        const name = source.kind === 'workload' ? source.workload : '';
        const row = table.rows.find(
          ({ who, speaks }) => who.includes(name) || who.some((each) => covers(each, name, speaks)),
        );
        const kinds = [to, `pod ${service}:${podPort}`].map((destination) => {
          const payload = table.payload === 'tcp' ? bytes : get('/', { method: 'POST' });
          return verdictOf(mesh, name, destination, payload) === 'allowed' ? 'allowed' : 'denied';
        });
        expect([name, row?.cells.map(({ kind }) => (kind === 'all' ? 'allowed' : 'denied'))]).toEqual([name, kinds]);
      }
    }
  },
);

function covers(words: string, name: string, speaks: string): boolean {
  const own = { amb: 'ambient', side: 'sidecar', plain: 'plaintext' }[name.split('/')[0] ?? ''];
  return own === speaks && (words.startsWith('every ') || words === `namespace ${name.split('/')[0]}`);
}
