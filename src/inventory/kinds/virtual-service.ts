import { below, irrelevant, type Kind, modelled, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';
import { followed } from './gateway-api-routes.js';

const route = 'spec.http';

export const virtualService: Kind = {
  name: 'networking.istio.io/VirtualService',
  about: 'where requests to a host go',
  entries: [
    modelled(below('spec', 'hosts', 'gateways', 'exportTo'), 'mesh/routes/owner', 'which proxies route by it (T-07)'),
    modelled(
      [
        ...below(
          route,
          'match',
          'route',
          'redirect',
          'rewrite',
          'directResponse',
          'headers',
          'fault.abort',
          'corsPolicy',
          'delegate',
        ),
        ...below(route, 'mirror', 'mirrors', 'mirrorPercent', 'mirror_percent', 'mirrorPercentage'),
        ...below('spec', 'tcp', 'tls'),
      ],
      ['mesh/routes/read', 'mesh/routes/follow', 'algebra/routes'],
      followed,
    ),
    irrelevant(
      below(route, 'name', 'timeout', 'retries', 'fault.delay'),
      'how long a caller waits, and how often it is tried',
    ),
    ofOtherRevisions,
    status,
  ],
};
