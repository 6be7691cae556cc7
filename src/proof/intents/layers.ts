import type { Effect, Inheritance } from '../../parse/ast.js';
import type { Setting } from '../../resolve/resolved.js';
import type { Workload } from '../../topology/model.js';
import type { Grant } from './grant.js';
import { type ScopeKind, type SettingsIndex, scopeKinds } from './settings.js';

/** Allow rules of neighbouring scopes that add up, with the default that these scopes give. */
export interface Layer {
  /** Whether all before it must allow a request as well. */
  readonly isStricter: boolean;
  readonly allow: readonly Grant[];
  /** Those of the nearest of its scopes; none where they give none. */
  readonly defaults: ReadonlyArray<Setting<Effect>>;
  /** That of requests addressed to one of the Services; by `namespace/name`. */
  defaultOf(service: string): Setting<Effect> | undefined;
}

/** Which rules are in force at a workload, after what its scopes say of those of wider ones. */
export interface Standing {
  isInForce(grant: Grant): boolean;
  /** From the widest on; the first stands by itself. */
  layersOf(allow: readonly Grant[]): readonly Layer[];
}

export function standingAt(settings: SettingsIndex, workload: Workload): Standing {
  const inheritances = scopeKinds.map((kind) => settings.inheritanceAt(workload, kind));
  const replacing = Math.max(0, inheritances.lastIndexOf('Replace'));
  const isInForce = ({ rule }: Grant) => rule.mandate !== undefined || levelOf(rule.scope.kind) >= replacing;
  const starts = startsOf(inheritances);
  const before = starts.filter(({ level }) => level <= replacing).length;
  const layersOf = (allow: readonly Grant[]) => {
    const inForce = allow.filter(isInForce);
    const layers = starts.map(({ level, isStricter }, index): Layer => {
      const kinds: readonly ScopeKind[] = scopeKinds.slice(level, starts[index + 1]?.level);
      const own = inForce.filter(({ rule }) => kinds.includes(rule.scope.kind));
      return { isStricter, allow: own, ...settings.among(workload, kinds) };
    });
    return [joined(layers.slice(0, before)), ...layers.slice(before)];
  };
  return { isInForce, layersOf };
}

/** Where layers begin: with what is stricter than the wider scopes, and after it. */
function startsOf(inheritances: readonly Inheritance[]): ReadonlyArray<{ level: number; isStricter: boolean }> {
  return inheritances.flatMap((inheritance, level) => {
    const isStricter = level > 0 && inheritance === 'Stricter';
    const isAfter = level > 1 && inheritances[level - 1] === 'Stricter';
    return level === 0 || isStricter || isAfter ? [{ level, isStricter }] : [];
  });
}

/** What is left of layers whose rules are replaced, but for mandates and the default that they come to. */
function joined(layers: readonly Layer[]): Layer {
  const [first] = layers;
  const defaults = decidingDefaults(layers);
  const isOne = first !== undefined && layers.length === 1;
  return {
    isStricter: false,
    allow: layers.flatMap(({ allow }) => allow),
    defaults,
    defaultOf: isOne ? first.defaultOf : () => defaults[0],
  };
}

export function levelOf(kind: ScopeKind): number {
  return scopeKinds.indexOf(kind);
}

/** The defaults that decide in the end: one of Allow opens nothing that wider scopes close, where both have to allow. */
export function decidingDefaults(layers: readonly Layer[]): ReadonlyArray<Setting<Effect>> {
  return layers.reduce<ReadonlyArray<Setting<Effect>>>((before, { isStricter, defaults }) => {
    if (defaults.length === 0) return before;
    const isClosed = before.length > 0 && before.every(({ value }) => value === 'Deny');
    if (!isStricter || !isClosed) return defaults;
    const closing = defaults.filter(({ value }) => value === 'Deny');
    return closing.length > 0 ? closing : before;
  }, []);
}

/** How the rules of layers are read: as requests, or as callers. */
export interface LayerReading<S> {
  rules(grants: readonly Grant[]): S;
  everything(): S;
  either(left: S, right: S): S;
  both(left: S, right: S): S;
  /** Whether the defaults of a layer open what no rule speaks of; `before`: whether it was open. */
  opens(layer: Layer, before: boolean): boolean;
}

/** What is allowed after all layers, by rules and by defaults. */
export function allowedBy<S>(layers: readonly Layer[], reading: LayerReading<S>): S {
  const { rules, everything, either, both, opens } = reading;
  const [first, ...others] = layers;
  if (first === undefined) return rules([]);
  let open = opens(first, true);
  let allowed = () => rules(first.allow);
  const mandatesOf = ({ allow }: Layer) => rules(allow.filter(isMandate));
  let mandated = () => mandatesOf(first);
  const whole = () => (open ? either(everything(), allowed()) : allowed());
  for (const layer of others) {
    const [before, kept] = [whole, mandated];
    const opensItself = opens(layer, layer.isStricter || open);
    const closes = layer.isStricter && (layer.defaults.length > 0 ? !opensItself : layer.allow.length > 0 && !open);
    const own = () => rules(layer.allow);
    if (layer.isStricter && (!open || closes)) {
      const outer = before();
      allowed = () => either(both(outer, closes ? own() : everything()), kept());
      mandated = () => either(kept(), both(outer, mandatesOf(layer)));
      open = false;
    } else {
      const known = allowed;
      allowed = () => either(known(), own());
      mandated = () => either(kept(), mandatesOf(layer));
      open = layer.isStricter ? open : opensItself;
    }
  }
  return whole();
}

function isMandate({ rule }: Grant): boolean {
  return rule.mandate !== undefined;
}
