/**
 * Words that a platform engineer would have to ask about, with what is written instead. The last ones were names in this
 * project and are none of Istio's or Kubernetes'.
 */
export const unusedWords: ReadonlyArray<readonly [word: RegExp, instead: string]> = [
  [/\bsomebody else\b/, 'an existing policy, another workload'],
  [/\bcom(?:e|es|ing) in plaintext\b/, 'unauthenticated client'],
  [/\ballowances?\b/i, 'ALLOW rule'],
  [/\bpass(?:es|ed)? over\b/, 'ignored, not read'],
  [/\bplanes? alone\b/, 'one data plane only'],
  [/\bpods['’] own numbers?\b/, 'container port'],
  [/\basked by\b|\baskers?\b/i, 'source intent'],
  [/strangers?\b/i, 'unauthenticated client, future workload'],
  [/\bsomebody new\b/, 'a future workload'],
  [/newcomers?/i, 'a future workload'],
  [/bystanders?/i, 'a workload that no intent mentions'],
  [/\bkeepers?\b/i, 'model, proof'],
  [/\bdoors?\b/i, 'enforcement point'],
  [/\bpassages?\b/i, 'way, path'],
  [/\bliterally\b/, 'as it stands'],
  [/\bblam(?:e|ed|es)\b/, 'point at, report'],
  [/waiv(?:e|ing)/i, 'accept, acceptance'],
];
