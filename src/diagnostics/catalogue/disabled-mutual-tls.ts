import type { CatalogueEntry } from '../entry.js';

/** Where mutual TLS cannot be turned off, what is lost where it is, and whom certificates are not asked for. */
export const disabledMutualTls = {
  'disabled-for-mesh': {
    code: 'AMB3150',
    severity: 'error',
    message:
      '`mtls: Disabled` cannot be had for the mesh: it is for pods with a sidecar, and the mesh takes in whatever joins it',
    help: 'give it to the workloads, Services or namespaces that need it, or write `mode: Permissive`, which takes plaintext too',
  },
  'disabled-without-sidecar': {
    code: 'AMB3151',
    severity: 'error',
    message: '`mtls: Disabled` of {scope} does not hold at `{workload}`, which has no sidecar',
    help: 'write `mode: Permissive`, which takes plaintext too, or give `Disabled` only to workloads with a sidecar',
  },
  'disabled-and-nearer-mode': {
    code: 'AMB3152',
    severity: 'error',
    message: 'sidecars do not see mode `{mode}` of {scope}: they go by namespace `{namespace}`, which is `Disabled`',
    help: 'give `Disabled` to single workloads or Services instead of the namespace',
  },
  'identity-under-disabled': {
    code: 'AMB3153',
    severity: 'error',
    message: '{caller} is known by its identity, and {destination} sees none under `mtls: Disabled`',
    help: 'set `mode: Permissive` or `Strict`, or name callers by `ipBlocks`',
  },
  'certificate-of-any-name': {
    code: 'AMB3154',
    severity: 'warning',
    message: 'callers ask {destination} for `{serverName}`, and take a certificate for any other name too',
    help: 'name in `subjectAltNames` what its certificate has to be for',
  },
} as const satisfies Record<string, CatalogueEntry>;
