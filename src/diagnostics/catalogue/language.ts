import type { CatalogueEntry } from '../entry.js';

/** The shape of Ambit's own documents. */
export const language = {
  'unknown-kind': {
    code: 'AMB1050',
    severity: 'error',
    message: '{kind} is not a kind of ambit.dev/v1alpha1',
    help: 'write one of {kinds}',
  },
  'unknown-api-version': {
    code: 'AMB1051',
    severity: 'error',
    message: '`{apiVersion}` is not a version that Ambit knows',
    help: 'write `apiVersion: ambit.dev/v1alpha1`',
  },
  'unknown-field': {
    code: 'AMB1052',
    severity: 'error',
    message: '`{field}` is not a field of {place}',
  },
  'missing-field': {
    code: 'AMB1053',
    severity: 'error',
    message: '{place} lacks {field}',
    help: 'add {field}',
  },
  'wrong-type': {
    code: 'AMB1054',
    severity: 'error',
    message: '{place} must be {expected}, not {found}',
  },
  'value-not-allowed': {
    code: 'AMB1055',
    severity: 'error',
    message: '{found} is not a value of {place}',
    help: 'write {allowed}',
  },
  'malformed-value': {
    code: 'AMB1056',
    severity: 'error',
    message: '{found} is not a valid {place}: {expected}',
  },
  'empty-list': {
    code: 'AMB1057',
    severity: 'error',
    message: '{place} is empty, which could mean all or none',
    help: 'write at least one item, or take `{field}` out',
  },
  'exactly-one': {
    code: 'AMB1058',
    severity: 'error',
    message: '{place} says more than one thing at once: {found}',
    help: 'keep one, and write the others as items of their own',
  },
  'unknown-flag': {
    code: 'AMB1059',
    severity: 'error',
    message: '`{flag}` is not a feature flag of istiod {version}',
  },
  'contradicting-installation': {
    code: 'AMB1060',
    severity: 'error',
    message: '`{fact}` is `{value}` in {first}, and `{other}` in {second}',
    help: 'correct the one that is wrong',
  },
  'istio-version-without-profile': {
    code: 'AMB1061',
    severity: 'error',
    message: '{by} is of Istio {version}, and Ambit knows {oldest} to {newest}',
    help: 'judge the mesh once it runs one of them, or with an Ambit that knows {version}',
  },
  'unknown-mesh-config-field': {
    code: 'AMB1062',
    severity: 'warning',
    message: '`{field}` of {object} is not a field of a MeshConfig: istiod ignores it, and says nothing',
  },
  'unknown-mesh-config-value': {
    code: 'AMB1063',
    severity: 'error',
    message: '`{value}` is not a value of `{field}` of {object}: istiod refuses the whole MeshConfig',
  },
  'unknown-istiod-variable': {
    code: 'AMB1064',
    severity: 'warning',
    message: '{object} sets `{flag}`, which is not a feature flag of istiod {version}',
  },
  'istiod-flag-without-truth': {
    code: 'AMB1065',
    severity: 'warning',
    message: '{object} sets `{flag}` to `{value}`, which is neither true nor false: istiod keeps its default',
    help: 'write `"true"` or `"false"`',
  },
  'several-revisions': {
    code: 'AMB1066',
    severity: 'error',
    message: 'the manifests install Istio as several revisions, {revisions}, and nothing says which is meant',
    help: 'name it as `istio.revision` of the cluster in the Mesh document',
  },
  'shared-mesh-config-not-given': {
    code: 'AMB1067',
    severity: 'error',
    message: '{istiod} merges ConfigMap `{configMap}` under its MeshConfig, and it is not among the manifests',
    help: 'add ConfigMap `{configMap}` to the manifests of the cluster',
  },
  'provider-of-another-kind': {
    code: 'AMB1068',
    severity: 'error',
    message: 'extension provider `{provider}` of cluster `{cluster}` takes no {recorded}: it is of kind `{kind}`',
    help: 'name a provider that takes {recorded}, or add one under `extensionProviders` of the MeshConfig',
  },
} as const satisfies Record<string, CatalogueEntry>;
