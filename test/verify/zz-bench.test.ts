import { it } from 'vitest';
import { meshOf, service, waypoint, workload, policy } from '/work/main/test/verify/support/mesh.js';
import { callersOf } from '/work/main/src/verify/algebra/callers.js';
import { constantsOf, planLane } from '/work/main/src/verify/algebra/lane.js';
import { reachOf } from '/work/main/src/verify/algebra/reach.js';
import { spaces } from '/work/main/src/verify/algebra/space.js';
it('bench', () => {
  const N = Number(process.env.N ?? 100);
  const parts: string[] = ['apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system }\n'];
  for (let n = 0; n < N; n++) {
    parts.push(`---\napiVersion: v1\nkind: Namespace\nmetadata: { name: ns${n}, labels: { istio.io/dataplane-mode: ambient } }\n`, waypoint('ns' + n));
    for (let s = 0; s < 5; s++) {
      parts.push(workload('ns' + n, 's' + s), service('ns' + n, 's' + s, '{ istio.io/use-waypoint: waypoint }'),
      policy('ns' + n, 's' + s, `{ targetRefs: [{ group: '', kind: Service, name: s${s} }], rules: [{ from: [{ source: { serviceAccounts: [ns${(n * 7 + 1) % N}/s1, ns${(n + 3) % N}/s2] } }], to: [{ operation: { ports: ['80'], methods: [GET, POST], paths: ['/v1/*', '/api/${s}'] } }] }] }`),
      policy('ns' + n, 'g' + s, `{ selector: { matchLabels: { app: s${s} } }, rules: [{ from: [{ source: { serviceAccounts: [ns${n}/waypoint] } }] }] }`));
    }
  }
  const mesh = meshOf(parts.join(''));
  const t0 = performance.now();
  const callers = callersOf(mesh);
  const spaceOf = spaces(callers); const t1 = performance.now();
  let lanes = 0, boxes = 0; const phases = [0, 0, 0];
  for (let n = 0; n < N; n++) for (let s = 0; s < 5; s++) for (const pod of [false, true]) for (const port of [80, 81]) {
    const key = `ns${n}/s${s}`;
    const destination = pod ? { kind: 'pod' as const, cluster: 'east', workload: key, port: port === 80 ? 8080 : 9000 } : { kind: 'service' as const, cluster: 'east', service: key, workload: key, port };
    const lane = { destination, payload: port === 80 ? 'http' as const : 'tcp' as const };
    const a = performance.now();
    const plan = planLane(mesh, callers, lane);
    const b = performance.now();
    const space = spaceOf(constantsOf(mesh, plan));
    const c = performance.now();
    const reach = reachOf(mesh, space, plan);
    phases[0] += b - a; phases[1] += c - b; phases[2] += performance.now() - c;
    lanes++; boxes += reach.surely.boxes.length;
  }
  const t2 = performance.now();
  console.log({ N, callers: callers.classes.length, lanes, boxes, callersMs: t1 - t0, lanesMs: t2 - t1, perLane: (t2 - t1) / lanes, phases });
}, 600000);
