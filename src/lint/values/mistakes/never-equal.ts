import { matchesText, textMatcher } from '../../../mesh/policies/matcher.js';
import type { Test } from '../../../mesh/policies/policy.js';
import type { PolicyInMesh } from '../../context.js';
import { type Misspelling, methodOfGrpc, misspellingOf } from '../misspelt.js';

/** What is wrong with a value that no request has, if anything is. */
export function faultOf(value: string, subject: PolicyInMesh, test: Test): Misspelling | undefined {
  const { pathNormalization } = subject.at.cluster.settings.istio;
  return (
    misspellingOf(test.attribute, value, pathNormalization) ?? (isForGrpcOnly(subject, test) ? methodOfGrpc : undefined)
  );
}

/** Methods that gRPC never uses, where there is nothing but gRPC. */
function isForGrpcOnly({ sites }: PolicyInMesh, { attribute, values }: Test): boolean {
  if (attribute !== 'request.method' || values.some((value) => matchesText(textMatcher(value), 'POST'))) return false;
  return sites.length > 0 && sites.every(({ behind }) => behind?.port.protocol === 'grpc');
}
