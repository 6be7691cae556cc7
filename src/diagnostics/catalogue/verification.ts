import type { CatalogueEntry } from '../catalogue.js';

export const verification = {
  'policy-not-accepted': {
    code: 'AMB5001',
    severity: 'error',
    message: '`{policy}` would be refused by the cluster: {why}',
    help: 'correct the field; a policy that is refused protects nothing',
  },
  'unknown-caller': {
    code: 'AMB5101',
    severity: 'error',
    message: '`{name}` names nobody who could call',
    help: 'name a workload or Service as `namespace/name`, a gateway as `gateway:namespace/name`, or `outside`',
  },
  'unknown-callee': {
    code: 'AMB5102',
    severity: 'error',
    message: '`{name}` names no Service',
    help: 'name a Service and its port: `namespace/name:port`',
  },
  'no-such-port': { code: 'AMB5103', severity: 'error', message: '`{name}` has no port `{port}`' },
  'port-missing': {
    code: 'AMB5104',
    severity: 'error',
    message: 'no port of `{name}` is named; it has {ports}',
    help: 'write `{example}`',
  },
  'name-in-several-clusters': {
    code: 'AMB5105',
    severity: 'error',
    message: '`{name}` is in clusters {clusters}',
    help: 'choose one: `--cluster {example}`',
  },
  'unknown-cluster-name': { code: 'AMB5106', severity: 'error', message: '`{name}` is no cluster of this mesh' },
  'workload-needs-pod-ip': {
    code: 'AMB5107',
    severity: 'error',
    message: '`{name}` is a workload, and no Service has that name',
    help: 'add `--pod-ip` to address its pods',
  },
  'nothing-behind-service': {
    code: 'AMB5108',
    severity: 'error',
    message: 'no workload is behind Service `{name}`',
    help: 'add the manifests of its pods, or name another Service',
  },
  'port-of-gateway': {
    code: 'AMB5109',
    severity: 'error',
    message: 'gateway `{name}` is addressed by the number of a port that it listens on',
    help: 'write `gateway:{name}:443`',
  },
  'token-without-issuer': {
    code: 'AMB5110',
    severity: 'error',
    message: 'a token without an issuer is valid nowhere',
    help: 'say who issued it: `--claim iss=https://issuer.example`',
  },
  'not-modelled': {
    code: 'AMB5111',
    severity: 'error',
    message: 'not modelled: {fact}',
  },
} as const satisfies Record<string, CatalogueEntry>;
