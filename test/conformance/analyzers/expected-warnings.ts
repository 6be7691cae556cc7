import { asArray, asObject, asText } from '../../../src/mesh/json.js';
import type { JsonObject } from '../../../src/parse/document.js';

/** A warning at an object that Ambit writes and means so. Anything else fails a run. */
export interface ExpectedWarning {
  /** A part of the warning. */
  readonly says: string;
  readonly why: string;
  /** The objects at which it is expected. */
  readonly at: (object: JsonObject) => boolean;
}

export const expectedWarnings: readonly ExpectedWarning[] = [
  {
    says: 'but no caCertificates are set to validate server identity',
    why: 'Without a file a proxy asks the authorities of its system, or those of the Secret (F-12). They are meant for a host outside the mesh; of a Service AMB3047 says it.',
    at: ({ kind, spec }) => kind === 'DestinationRule' && !JSON.stringify(spec).includes('insecureSkipVerify'),
  },
  {
    says: 'ServiceEntry addresses are required for this protocol',
    why: 'AMB3080 says whose sidecars then listen on every address; ztunnel has an address for every entry (F-43).',
    at: ({ kind }) => kind === 'ServiceEntry',
  },
  {
    says: 'will deny all traffic to TCP ports under its scope',
    why: 'A gateway reads requests on each of its listeners. A port is not named, so that a listener that is added later refuses too.',
    at: isOfGateway,
  },
  {
    says: 'will deny all traffic to TCP ports under its scope',
    why: 'Whoever may send some requests to a host outside the mesh may send it no bytes that nobody reads.',
    at: isOfHost,
  },
  {
    says: 'EnvoyFilter exposes internal implementation details',
    why: 'Limits are written only where settings say `extensions: Accept`, and the object says what it is (F-63).',
    at: isExtension,
  },
  {
    says: 'does not have a priority and has a relative patch operation set',
    why: 'It stands before the filter that routes, which every listener for requests has.',
    at: (object) => isExtension(object) && operationsOf(object).every((operation) => operation === 'INSERT_BEFORE'),
  },
  {
    says: 'have no workload selector, which can lead to undefined behavior',
    why: 'The analyzer does not read `targetRefs`; istiod takes for the default of a namespace only what has neither.',
    at: ({ kind, spec, metadata }) =>
      kind === 'Telemetry' &&
      (asArray(asObject(spec)?.targetRefs).length > 0 || asObject(metadata)?.name === 'namespace-default'),
  },
  {
    says: 'unknown fields [spec.trafficPolicy.connectionPool.http.http2KeepAlive]',
    why: 'The definitions of the commit that judges are from before 1.31.0, which has the field (F-25).',
    at: ({ kind }) => kind === 'DestinationRule',
  },
];

export function expectationOf(object: JsonObject, warning: string): ExpectedWarning | undefined {
  return expectedWarnings.find(({ says, at }) => warning.includes(says) && at(object));
}

function isOfGateway(object: JsonObject): boolean {
  return isPolicyFor('what requests gateway ', object);
}

function isOfHost(object: JsonObject): boolean {
  return isPolicyFor('who may not call ', object);
}

function isPolicyFor(purpose: string, { kind, metadata }: JsonObject): boolean {
  const said = asText(asObject(asObject(metadata)?.annotations)?.['ambit.dev/purpose']);
  return kind === 'AuthorizationPolicy' && said?.startsWith(purpose) === true;
}

function isExtension({ kind, metadata }: JsonObject): boolean {
  return kind === 'EnvoyFilter' && asObject(asObject(metadata)?.annotations)?.['ambit.dev/extension'] === 'true';
}

function operationsOf({ spec }: JsonObject): readonly unknown[] {
  return asArray(asObject(spec)?.configPatches).map((patch) => asObject(asObject(asObject(patch)?.patch))?.operation);
}
