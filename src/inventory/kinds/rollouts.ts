import { irrelevant, type Kind, modelled, status } from '../entry.js';

/** Who changes the weights of routes while a mesh runs. */
export const rollouts: readonly Kind[] = [
  {
    name: 'argoproj.io/Rollout',
    about: 'what makes pods, and moves requests from one version of them to the next',
    entries: [
      modelled(['spec.template'], 'topology/pod-template.ts', 'the pods, of which all that is said of a Pod holds'),
      modelled(
        ['spec.strategy.canary.trafficRouting', 'spec.workloadRef'],
        'topology/rollouts',
        'which weights of routes may be any (F-50, F-51)',
      ),
      irrelevant(['spec.*'], 'when requests are moved, and how many pods there are'),
      status,
    ],
  },
  {
    name: 'flagger.app/Canary',
    about: 'what moves requests from one version of a Service to the next',
    entries: [
      modelled(
        ['spec.service.name', 'spec.targetRef', 'spec.provider'],
        'topology/rollouts',
        'which weights of routes may be any (F-52)',
      ),
      irrelevant(['spec.*'], 'when requests are moved; the routes that it writes are read where they are given'),
      status,
    ],
  },
];
