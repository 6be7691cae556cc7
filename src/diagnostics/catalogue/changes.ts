import type { CatalogueEntry } from '../entry.js';

/** What means something else in one state of a mesh than in another. */
export const changes = {
  'access-granted': {
    code: 'AMB6001',
    severity: 'warning',
    message: '`{place}` lets {who} through: {requests}',
  },
  'requests-no-longer-told-apart': {
    code: 'AMB6002',
    severity: 'warning',
    message: '`{place}` lets {who} send anything, where only some requests passed: {requests}',
  },
  'token-no-longer-needed': {
    code: 'AMB6003',
    severity: 'warning',
    message: '`{place}` lets {who} through without a token: {requests}',
  },
  'authorizer-no-longer-asked': {
    code: 'AMB6004',
    severity: 'warning',
    message: '`{place}` no longer asks `{authorizer}` about {who}: {requests}',
  },
  'plaintext-accepted': {
    code: 'AMB6005',
    severity: 'warning',
    message: '`{place}` no longer wants mutual TLS: {requests}',
  },
  'access-in-doubt': {
    code: 'AMB6006',
    severity: 'warning',
    message: '`{place}`: it is no longer known what becomes of {who}: {requests}',
  },
  'access-revoked': {
    code: 'AMB6007',
    severity: 'warning',
    message: '`{place}` refuses {who}: {requests}',
  },
  'authorizer-newly-asked': {
    code: 'AMB6008',
    severity: 'info',
    message: '`{place}` asks `{authorizer}` about {who}: {requests}',
  },
  'plaintext-refused': {
    code: 'AMB6009',
    severity: 'info',
    message: '`{place}` wants mutual TLS: {requests}',
  },
  'doubt-settled': {
    code: 'AMB6010',
    severity: 'info',
    message: '`{place}`: it is known now what becomes of {who}: {requests}',
  },
  'routed-anew': {
    code: 'AMB6011',
    severity: 'info',
    message: '`{place}`: requests such as {requests} from {who} have {is}, and had {was}',
  },
  'enforcement-moved': {
    code: 'AMB6012',
    severity: 'info',
    message: 'policies for `{place}` are enforced {is}, and were {was}',
  },
  'waypoint-added': {
    code: 'AMB6013',
    severity: 'info',
    message: 'waypoint `{place}` is new: {is}',
  },
  'waypoint-removed': {
    code: 'AMB6014',
    severity: 'info',
    message: 'waypoint `{place}` is gone: {was}',
  },
  'workload-added': {
    code: 'AMB6015',
    severity: 'info',
    message: 'workload `{place}` is new: {is}',
  },
  'workload-removed': {
    code: 'AMB6016',
    severity: 'info',
    message: 'workload `{place}` is gone: {was}',
  },
  'data-plane-changed': {
    code: 'AMB6017',
    severity: 'info',
    message: '`{place}` is {is}, and was {was}',
  },
  'istio-changed': {
    code: 'AMB6018',
    severity: 'info',
    message: 'settings of Istio in cluster `{place}`: {is}, before {was}',
  },
  'cluster-on-one-side': {
    code: 'AMB6019',
    severity: 'warning',
    message: 'cluster `{place}` is on one side only, and nothing in it was compared',
  },
  'approval-expired': {
    code: 'AMB6021',
    severity: 'warning',
    message: 'approval `{name}` ended on {until}, and approves nothing any more',
    help: 'remove it, or let somebody approve it for longer',
  },
  'approval-unused': {
    code: 'AMB6022',
    severity: 'warning',
    message: 'approval `{name}` approves nothing of this change',
    help: 'remove it once what it approves is merged: it would let through, unseen, the next change that it fits',
  },
  'approval-names-nothing': {
    code: 'AMB6023',
    severity: 'warning',
    message: 'approval `{name}` approves nothing: it names what is not there after the change',
    help: 'mend the name, or remove the approval',
  },
  'dump-lacks-kind': {
    code: 'AMB6024',
    severity: 'warning',
    message: 'the dump of cluster {cluster} holds no {kind}, and the project has {count}: all are taken to be gone',
    help: 'if it is only the dump that lacks them, run the command that `ambit drift --help` prints',
  },
  'gateway-added': {
    code: 'AMB6025',
    severity: 'info',
    message: 'gateway `{place}` is new: {is}',
  },
  'gateway-removed': {
    code: 'AMB6026',
    severity: 'info',
    message: 'gateway `{place}` is gone: {was}',
  },
  'dump-in-part': {
    code: 'AMB6027',
    severity: 'warning',
    message:
      'the dump of cluster {cluster} holds nothing of {of} `{name}`: what the project says of it is not compared',
    help: 'run the command that `ambit drift --help` prints, as somebody who may read all namespaces',
  },
  'not-compared': {
    code: 'AMB6028',
    severity: 'warning',
    message: 'not compared{where}: {fact}',
    help: 'see what the fact is about; what neither side tells can be told by manifests, or be accepted where it is found',
  },
} as const satisfies Record<string, CatalogueEntry>;
