import { expect, it } from 'vitest';
import { type Fates, totalOf } from '../../src/adopt/fates.js';
import { isProved } from '../../src/adopt/import-objects.js';
import { targets } from '../../src/migrate/states/labels-of-state.js';
import type { Source } from '../../src/pipeline.js';
import { rulesIn } from '../adopt/adopting.js';
import { describeWithShared } from '../support/shared.js';
import { bookinfo, onlineBoutique, real } from './meshes-of-others.js';
import { pageOfMigrating, planOf, rowOfCost, told } from './planning.js';
import { importedFrom } from './projects.js';

/** The NetworkPolicies of Online Boutique, of which the file has lost some ends of lines. */
const networkPolicies = (): Source => {
  const { path, text } = real('online-boutique/network-policies.yaml');
  return { path, text: text.replaceAll('{}---', '{}\n---') };
};

/** What has to be added before pods behind such NetworkPolicies move: waypoints are callers, and they come on one port. */
function openedForAmbient({ path, text }: Source): Source {
  const waypoints = '{ matchExpressions: [{ key: gateway.networking.k8s.io/gateway-name, operator: Exists }] }';
  const added = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: gateways, namespace: default }
spec: { podSelector: ${waypoints}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: from-waypoints, namespace: default }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: ${waypoints} }], ports: [{ port: 15008 }] }] }
`;
  return { path, text: text.replace(/^( *)ports:\n/gm, '$&$1 - port: 15008\n') + added };
}

const inputs = [
  { name: 'Bookinfo', of: () => bookinfo('virtual-service-reviews-90-10.yaml'), stays: [] },
  {
    name: 'Bookinfo with a route for one user',
    of: () => bookinfo('virtual-service-reviews-jason-v2-v3.yaml'),
    stays: [],
  },
  { name: 'Bookinfo with a fault', of: () => bookinfo('virtual-service-ratings-test-delay.yaml'), stays: [] },
  {
    name: 'Online Boutique',
    of: onlineBoutique,
    stays: ['ServiceEntry default/allow-egress-google-metadata', 'ServiceEntry default/allow-egress-googleapis'],
  },
] as const;

describeWithShared('meshes that others wrote, with policies by hand', () => {
  it.each(inputs)('$name is imported and proved equal, and each rule is counted', ({ of, stays }) => {
    const { round, fates } = importedFrom(of()).imported;
    expect(isProved(round)).toBe(true);
    const { said, merged, dead, left } = totalOf(fates);
    expect(said + merged + dead + left).toBe(rulesIn(of()));
    expect(whatStays(fates)).toEqual(stays);
  });

  it.each(inputs.flatMap((input) => targets.map((target) => ({ ...input, target }))))(
    '$name moves to $target without a request that is decided otherwise',
    ({ name, of, target }) => {
      const plan = planOf(importedFrom(of()).project, target);
      expect(told(plan)).toEqual([]);
      expect(plan.states).toBeGreaterThan(12);
      if (target === 'ambient') expect(pageOfMigrating).toContain(rowOfCost(name.replace(/ with .*/, ''), plan));
    },
  );

  it('NetworkPolicies stay, and stand in the way until waypoints may come through', () => {
    const { imported, project } = importedFrom([...onlineBoutique(), networkPolicies()]);
    expect(isProved(imported.round)).toBe(true);
    const staying = whatStays(imported.fates).filter((key) => key.startsWith('NetworkPolicy '));
    // The one that is about egress alone says nothing of callers.
    expect(staying).toHaveLength(networkPolicies().text.match(/^ {2}- Ingress$/gm)?.length ?? 0);
    const plan = planOf(project, 'ambient');
    expect(plan.blockers.map(({ code }) => code)).toEqual(Array.from({ length: 10 }, () => 'AMB7118'));
    expect(told(plan).join('\n')).toContain('`default/deny-all` stops what is allowed to call `default/frontend`');
    const opened = importedFrom([...onlineBoutique(), openedForAmbient(networkPolicies())]);
    expect(told(planOf(opened.project, 'ambient'))).toEqual([]);
  });
});

function whatStays(fates: Fates): readonly string[] {
  return fates.filter(({ counts }) => counts.left > 0).map(({ key }) => key);
}
