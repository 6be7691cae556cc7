import { intersect, isEmpty, type RequestSet } from '../../algebra/request-set.js';
import type { Span } from '../../diagnostics/diagnostic.js';
import type { Origin } from '../../resolve/resolved.js';
import { here } from './bounds.js';
import { encrypted } from './encrypted.js';
import type { Grant } from './grant.js';
import { grantedSet } from './granted.js';
import type { Situation } from './situation.js';

/** What the intents say of some requests, and where. */
export interface IntentCause {
  /** `settings/rule`, or empty where no document says anything of them. */
  readonly id: string;
  /** In words: "shop/no-deletes denies it". */
  readonly says: string;
  readonly span: Span | null;
}

/** Which rule or setting makes requests wanted or unwanted. */
export function causeOf(situation: Situation, set: RequestSet, kind: 'too-much' | 'too-little'): IntentCause {
  return kind === 'too-much' ? whyUnwanted(situation, set) : whyWanted(situation, set);
}

function whyUnwanted(situation: Situation, set: RequestSet): IntentCause {
  const { demand } = situation;
  const denial = speaking(situation, demand.deny, set);
  if (denial !== undefined) return byOrigin(denial.rule.origin, 'denies it');
  const [mode] = demand.mtls;
  if (mode !== undefined && isEmpty(intersect(set, encrypted(situation, 'may')))) {
    return byOrigin(mode.origin, mode.value === 'Disabled' ? 'turns mutual TLS off' : 'wants mutual TLS');
  }
  const [setting] = demand.defaults;
  const silence = { id: '', says: 'no intent allows it', span: null };
  return setting === undefined ? silence : byOrigin(setting.origin, 'denies it, and no rule allows it');
}

function whyWanted(situation: Situation, set: RequestSet): IntentCause {
  const { demand } = situation;
  const grant = speaking(situation, demand.allow, set);
  if (grant !== undefined) return byOrigin(grant.rule.origin, 'allows it');
  const [setting] = demand.defaults;
  if (setting !== undefined) return byOrigin(setting.origin, 'allows it, and no rule denies it');
  const [mode] = demand.mtls;
  if (mode?.value === 'Disabled') return byOrigin(mode.origin, 'turns mutual TLS off, and keeps nobody out');
  const [rule] = [...demand.deny, ...demand.allow];
  return { id: '', says: 'no intent denies it', span: rule?.target.span ?? null };
}

/** The rule that allows some requests; `undefined` where nothing but a default does. */
export function ruleAllowing(situation: Situation, set: RequestSet): Grant['rule'] | undefined {
  const { allow, plaintext } = situation.demand;
  return speaking(situation, [...allow, ...plaintext], set)?.rule;
}

function speaking(situation: Situation, grants: readonly Grant[], set: RequestSet): Grant | undefined {
  return here(situation, grants).find(
    (grant) => !isEmpty(intersect(set, grantedSet(situation, grant, { extent: 'some', conditions: 'held' }))),
  );
}

function byOrigin({ id, span }: Origin, says: string): IntentCause {
  return { id, says: `\`${id}\` ${says}`, span };
}
