import { annotations, below, irrelevant, type Kind, modelled, said, status } from '../entry.js';
import { ofOtherRevisions } from './every-object.js';

const plugin = 'whatever runs in a proxy may answer a request or change what policies read';

const whichPlugins = [
  modelled(
    below('spec', 'selector', 'targetRefs'),
    'mesh/doubts/extensions.ts',
    'for which proxies it is undecided what they do (§3.1)',
  ),
  modelled(
    ['spec.match'],
    'mesh/doubts/extensions.ts',
    'whether that is so for what arrives or for what is sent, and on which ports (§2.8)',
  ),
] as const;

export const extensions: readonly Kind[] = [
  {
    name: 'networking.istio.io/EnvoyFilter',
    about: 'changes to what Istio generates for Envoy',
    entries: [
      modelled(
        below('spec', 'workloadSelector', 'targetRefs'),
        'mesh/doubts/extensions.ts',
        'for which proxies it is undecided what they do (§2.8)',
      ),
      said(
        below('spec', 'configPatches', 'priority'),
        ['AMB5353', 'AMB5129'],
        'requests that arrive at these proxies, or that they send, by the context of each patch; not where it only adds limits, compression or settings of connections. Limits are read where settings ask for some (F-63, F-64)',
      ),
      modelled(
        annotations('envoyfilter.istio.io/referenced-services'),
        'mesh/limits/asking.ts',
        'which Services a waypoint is told of to ask about limits (F-64)',
      ),
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'extensions.istio.io/WasmPlugin',
    about: 'code that runs in proxies',
    entries: [
      ...whichPlugins,
      modelled(['spec.targetRef'], 'mesh/doubts/extensions.ts', 'the same, as it was written before `targetRefs`'),
      said(
        [
          ...below(
            'spec',
            'phase',
            'url',
            'pluginConfig',
            'pluginName',
            'priority',
            'type',
            'failStrategy',
            'vmConfig',
          ),
          ...below('spec', 'sha256', 'verificationKey', 'imagePullPolicy', 'imagePullSecret'),
        ],
        ['AMB5353'],
        `requests at the proxies and ports that it is for: ${plugin}`,
      ),
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'extensions.istio.io/TrafficExtension',
    about: 'code that runs in proxies, from Istio 1.30 on',
    entries: [
      ...whichPlugins,
      said(
        below('spec', 'wasm', 'lua', 'phase', 'priority'),
        ['AMB5353'],
        `requests at the proxies and ports that it is for: ${plugin}`,
      ),
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'networking.istio.io/ProxyConfig',
    about: 'settings with which proxies are started',
    entries: [
      modelled(['spec.selector'], 'mesh/doubts/extensions.ts', 'for which proxies it is undecided what they do'),
      said(
        ['spec.environmentVariables'],
        ['AMB5353'],
        'what these proxies take and send, where a variable is set that may change it: certificates, HBONE, another control plane',
      ),
      irrelevant(below('spec', 'concurrency', 'image'), 'the same proxy with more threads, or in another image'),
      ofOtherRevisions,
      status,
    ],
  },
  {
    name: 'telemetry.istio.io/Telemetry',
    about: 'what proxies record',
    entries: [
      modelled(
        below('spec', 'selector', 'targetRef', 'targetRefs'),
        'mesh/telemetry/applicable.ts',
        'which proxies record by it; it neither refuses nor changes a request (F-61)',
      ),
      modelled(['spec.accessLogging'], 'mesh/telemetry/access-logs.ts', 'where a proxy logs to, and what (F-62)'),
      modelled(['spec.metrics'], 'mesh/telemetry/metrics.ts', 'which metrics it records, with which labels (F-62)'),
      modelled(['spec.tracing'], 'mesh/telemetry/tracing.ts', 'where it sends spans, and of how many requests (F-62)'),
      status,
    ],
  },
];
