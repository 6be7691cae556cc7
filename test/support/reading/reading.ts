import type { Destination } from '../../../src/mesh/request.js';
import type { Setting } from '../../../src/resolve/resolved.js';
import type { Resolved } from '../../../src/resolve/resolved-intents.js';
import { keyOf, type Workload } from '../../../src/topology/model.js';
import type { Asked } from './asked.js';
import { type Accepting, isAccepted, isAnsweredFor, isMeant, isMeantByPort, type Speaking, speaking } from './rules.js';
import { isAllowedBy, isInForce, saidAt } from './scopes.js';
import { hasToken, takesToken } from './tokens.js';

/**
 * What the intents want of one request: `open` where they promise neither, and `another way` where they promise both, as of
 * a caller by name who is brought to a port for certificates without one.
 */
export type Wanted = 'allowed' | 'denied' | 'open' | 'another way';

/** Reads the intents for one request, as docs/language.md says and as plainly as it can be done. */
export function wantedOf(resolved: Resolved, asked: Asked, plaintextByDefault: boolean): Wanted {
  const rules = rulesFor(resolved, asked);
  if (!isSpokenOf(rules) || isLeftOutside(rules, asked)) return 'open';
  const isAllowed = mustBeAllowed(rules, asked, plaintextByDefault);
  if (mustBeDenied(rules, asked)) return isAllowed ? 'another way' : 'denied';
  return isAllowed ? 'allowed' : 'open';
}

/** A setting that is the nearest to what is asked about. */
type Said = Setting<string>;

/** Whether anything that is said holds for a destination. Who may call a gateway is not said at all. */
export function isSpokenTo(resolved: Resolved, destination: Destination): boolean {
  if (!('workload' in destination)) return false;
  const cluster = resolved.topology.clusters.find(({ name }) => name === destination.cluster);
  const workload = cluster?.workloads.get(destination.workload);
  if (workload === undefined) return false;
  return (
    rulesAbout(resolved, workload).length > 0 ||
    nearest(resolved.defaults, workload, workload.services).length > 0 ||
    nearest(resolved.mtls, workload, workload.services).length > 0
  );
}

interface Rules {
  readonly allow: readonly Speaking[];
  readonly deny: readonly Speaking[];
  readonly plaintext: readonly Speaking[];
  readonly defaults: readonly Said[];
  readonly mtls: readonly Said[];
  /** Whether any rule speaks of the workload, be it of another port. */
  readonly isNamed: boolean;
  readonly everyRule: Resolved['rules'];
  readonly resolved: Resolved;
}

function rulesFor(resolved: Resolved, asked: Asked): Rules {
  const { workload } = asked;
  const standing = resolved.rules.filter((rule) => isInForce(resolved, workload, rule));
  // Whoever asks an external authorizer lets a request through that the authorizer lets through.
  const deciding = standing.filter(({ authorizer }) => authorizer === undefined);
  const rules = speaking(deciding, asked);
  const everyRule = rulesAbout({ rules: standing }, workload);
  return {
    allow: rules.filter(({ rule }) => rule.effect === 'Allow'),
    deny: rules.filter(({ rule }) => rule.effect === 'Deny'),
    plaintext: speaking(resolved.plaintext, asked),
    defaults: nearest(resolved.defaults, workload, workload.services),
    mtls: nearest(resolved.mtls, workload, workload.services),
    isNamed: everyRule.length > 0,
    everyRule,
    resolved,
  };
}

function rulesAbout({ rules }: Pick<Resolved, 'rules'>, workload: Workload): Resolved['rules'] {
  return rules.filter(({ targets }) =>
    targets.some(
      ({ destination }) =>
        destination.cluster === workload.cluster &&
        destination.workloads.some((each) => keyOf(each) === keyOf(workload)),
    ),
  );
}

/** Of the nearest scope: workload before service before namespace before mesh. */
function nearest(settings: readonly Said[], workload: Workload, services: readonly string[]): readonly Said[] {
  const kinds = ['workload', 'service', 'namespace', 'mesh'] as const;
  const found = kinds.map((kind) => saidAt(settings, kind, workload, services));
  return found.find((level) => level.length > 0) ?? [];
}

function isSpokenOf({ defaults, mtls, isNamed }: Rules): boolean {
  return isNamed || defaults.length > 0 || mtls.length > 0;
}

function isLeftOutside({ everyRule, defaults, mtls }: Rules, { workload: { mode, ports, services } }: Asked): boolean {
  if (mode.plane !== 'none') return mode.plane !== 'sidecar' && mode.plane !== 'ambient';
  const listens = ports.length > 0 || services.length > 0;
  const closing = [...defaults, ...mtls].filter(({ value }) => value === 'Deny' || value === 'Strict');
  const isLeft = (each: Accepting) => isAccepted(each, 'unmeshedWorkloads');
  return !listens || (everyRule.length > 0 ? everyRule.some(isLeft) : closing.length > 0 && closing.every(isLeft));
}

/** Denied by a rule, allowed by none, in plaintext where that is refused, or with mutual TLS where that is off. */
function mustBeDenied(rules: Rules, asked: Asked): boolean {
  const { allow, deny, defaults, mtls, plaintext } = rules;
  const leavesOthers = (each: Accepting) => isAccepted(each, 'existingPolicies');
  const others = allow.some(({ rule }) => leavesOthers(rule)) || (defaults.length > 0 && defaults.every(leavesOthers));
  const isFreed = (each: Speaking) => isAnsweredFor(each, asked) && isMeantByPort(each, asked);
  const isLetIn = isAllowed(rules, asked, (each) => isMeant(each, asked) || isFreed(each), true, 'some');
  if (!isLetIn && !others) return true;
  const isLetPast = isLetIn && allow.some(isFreed);
  // Whom an acceptance lets past the waypoint is seen by no denial that looks at requests.
  const seeing = isLetPast ? deny.filter(({ target }) => target.conditions.length === 0) : deny;
  if (seeing.some((each) => isMeant(certain(each, asked), asked) && !isAnsweredFor(each, asked))) return true;
  const isDisabled = mtls.length > 0 && mtls.every(({ value }) => value === 'Disabled');
  if (isDisabled && asked.isByMutualTls) return true;
  const isStrict = mtls.length > 0 && mtls.every(({ value }) => value === 'Strict');
  return isStrict && !asked.isEncrypted && !plaintext.some((each) => isMeant(each, asked));
}

/** At its waypoint a Service takes the tokens that its own rules ask for, and not those of another one in front of the same pods. */
function isOfService({ destination }: Speaking['target'], { service }: Asked): boolean {
  return destination.service === undefined || service === undefined || keyOf(destination.service) === service.key;
}

/**
 * Promised to those whom a manifest shows, at the address that they are to use. Bytes may be taken for a request that is
 * denied, and whom an acceptance frees is promised nothing.
 */
function mustBeAllowed(rules: Rules, asked: Asked, plaintextByDefault: boolean): boolean {
  const { allow, deny, plaintext } = rules;
  if (asked.sender.isFuture) return false;
  // Whoever shows a token that no rule asks for may be told that it is not known.
  const isTaken = ({ target }: Speaking) => takesToken(target, asked.payload) && isOfService(target, asked);
  if (hasToken(asked.payload) && !allow.some((each) => isMeant(each, asked) && isTaken(each))) return false;
  const isBytes = asked.payload.kind === 'tcp';
  if (deny.some((each) => isMeant(each, asked) || (isBytes && isMeantByPort(each, asked)))) return false;
  if (deny.some((each) => isUncertainAddress(each, asked))) return false;
  if (deny.some((each) => isAnsweredFor(each, asked) && isMeantByPort(each, asked))) return false;
  const accepts = acceptsSender(rules, asked, plaintextByDefault);
  const isExcepted = !asked.isEncrypted && plaintext.some((each) => isPromised(each, asked, accepts));
  const isOwed = (asked.service?.isGiven === true && accepts) || isExcepted;
  return isAllowed(rules, asked, (each) => isPromised(each, asked, accepts), isOwed, 'every');
}

/**
 * What rules and defaults of all scopes come to. Where the Services of a pod have different defaults, `some` of them let a
 * request to the pod in, and `every` one of them has to where it is promised.
 */
function isAllowed(
  { allow, resolved }: Rules,
  { workload, service }: Asked,
  isFor: (each: Speaking) => boolean,
  everything: boolean,
  extent: 'some' | 'every',
): boolean {
  const about = rulesAbout(resolved, workload).filter(({ effect }) => effect === 'Allow');
  return isAllowedBy(resolved, workload, {
    rules: (kind, onlyMandates) =>
      allow.some(
        (each) => each.rule.scope.kind === kind && (!onlyMandates || each.rule.mandate !== undefined) && isFor(each),
      ),
    hasRules: (kind) => about.some(({ scope }) => scope.kind === kind),
    opens: (kind) => {
      const own = saidAt(resolved.defaults, kind, workload);
      if (own.length === 0) return undefined;
      if (extent === 'some') return own.some(({ value }) => value === 'Allow');
      const isWithout = kind === 'service' && !saidAt(own, kind, workload, service ? [service.key] : []).length;
      const wide = isWithout ? nearest(wideOf(resolved), workload, []) : [];
      return [...own, ...wide].every(({ value }) => value !== 'Deny');
    },
    everything,
  });
}

function wideOf({ defaults }: Resolved): readonly Said[] {
  return defaults.filter(({ scope }) => scope.kind === 'mesh' || scope.kind === 'namespace');
}

function acceptsSender({ mtls, plaintext }: Rules, asked: Asked, plaintextByDefault: boolean): boolean {
  if (asked.isEncrypted || plaintext.some((each) => isMeant(each, asked))) return true;
  return mtls.length === 0 ? plaintextByDefault : mtls.every(({ value }) => value !== 'Strict');
}

/** Whoever is named by identity is promised a way on which it is seen; a wider rule promises what mutual TLS lets through. */
function isPromised(each: Speaking, asked: Asked, accepts: boolean): boolean {
  if (!isMeant(each, asked) || !isAddressed(each, asked)) return false;
  return each.rule.callers.some((caller) => {
    const alone = { ...each, rule: { ...each.rule, callers: [caller] } };
    if (!isMeant(alone, asked)) return false;
    switch (caller.kind) {
      case 'identities':
      case 'namespace':
        return asked.service !== undefined || asked.isEncrypted;
      case 'anyAuthenticated':
        return asked.isEncrypted;
      case 'addresses':
        return accepts && isNearby(asked, caller.outside);
      default:
        return accepts;
    }
  });
}

/** A rule that names a Service is about requests to it; any other about all, and about pods that have no Service. */
function isAddressed(
  { target: { named, destination, ports, exceptPorts } }: Speaking,
  { service, hasService }: Asked,
): boolean {
  if (service === undefined) return !named && !hasService;
  if (!service.isGiven) return false;
  if (!named) return true;
  const own = destination.service;
  if (own === undefined || keyOf(own) !== service.key) return false;
  const isOne = (port: { readonly service: number | undefined }) => port.service === service.port;
  return ports === undefined ? !exceptPorts.some(isOne) : ports.some(isOne);
}

/** An address tells who calls from outside, and who travels as the destination itself does unless it is said to be outside. */
function isNearby({ sender, workload }: Asked, outside: boolean): boolean {
  return sender.account === undefined || (!outside && sender.speaks === workload.mode.plane);
}

function isUncertainAddress(each: Speaking, asked: Asked): boolean {
  const callers = each.rule.callers.filter((caller) => caller.kind === 'addresses' && !isNearby(asked, caller.outside));
  return isMeantByPort({ ...each, rule: { ...each.rule, callers } }, asked);
}

/** The rule without callers from outside whose address somebody of the mesh happens to have. */
function certain(each: Speaking, { sender }: Asked): Speaking {
  const callers = each.rule.callers.filter(
    (caller) => sender.account === undefined || caller.kind !== 'addresses' || !caller.outside,
  );
  return { ...each, rule: { ...each.rule, callers } };
}
