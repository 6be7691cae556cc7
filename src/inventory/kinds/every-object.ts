import { below, irrelevant, type Kind, modelled, said } from '../entry.js';

/** What stands at the head of every object. A kind's own entries name the labels and annotations that count for it alone. */
export const everyObject: Kind = {
  name: 'every object',
  about: 'name, place and age',
  entries: [
    modelled(
      ['apiVersion', 'kind', ...below('metadata', 'name', 'namespace', 'generateName')],
      'topology/kinds-in-namespace.ts',
      'which object it is, and that nothing is given twice with other content',
    ),
    modelled(
      ['metadata.creationTimestamp'],
      ['mesh/policies/peer-authentication.ts', 'mesh/paths/tls-settings.ts'],
      'which of several objects for one thing counts (§5.1, T-07); undecided where files have no dates and the two differ',
    ),
    modelled(
      ['metadata.uid'],
      'mesh/admission/without-refused.ts',
      'whether a cluster has taken it in, so that it counts whatever would be refused today',
    ),
    modelled(['metadata.ownerReferences'], 'topology/ownership.ts', 'which pods belong to one workload'),
    modelled(
      ['metadata.labels.*'],
      'mesh/policies/attach.ts',
      'what selectors compare: those of policies (§3.1), of Services, and of resources for some pods',
    ),
    modelled(['metadata.labels[app.kubernetes.io/managed-by]'], 'mesh/applied.ts', 'whether Ambit wrote it'),
    modelled(
      ['metadata.labels[app.kubernetes.io/version]'],
      'policy-tests/end-of-request.ts',
      'which version an AccessTest calls a pod',
    ),
    irrelevant(['metadata.annotations.*'], 'Istio reads none but those that a kind of this list names'),
    irrelevant(
      below(
        'metadata',
        'finalizers',
        'deletionTimestamp',
        'deletionGracePeriodSeconds',
        'generation',
        'resourceVersion',
        'managedFields',
        'selfLink',
        'clusterName',
      ),
      'an object counts until it is gone, however often it was changed',
    ),
  ],
};

/** Of a kind that Istio reads. */
export const ofOtherRevisions = said(
  ['metadata.labels[istio.io/rev]'],
  ['AMB5353'],
  'whatever it would reach, where it names another revision than the cluster’s',
);
