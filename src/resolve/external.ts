import { diagnostic } from '../diagnostics/create.js';
import type { Located, Span } from '../diagnostics/diagnostic.js';
import type { ExternalRule, SecuritySettings, TargetReference } from '../parse/ast.js';
import { didYouMean, suggest } from '../util/suggest.js';
import { resolveCallers } from './callers.js';
import type { BindContext, ResolveContext } from './context.js';
import { type ForAllRules, mandateOf } from './mandates.js';
import { checkAsked } from './providers.js';
import type { BoundScope, ResolvedRule } from './resolved.js';
import { namespaceOf } from './scopes.js';
import { resolveRequestTargets } from './targets.js';

/** A rule by which an external authorizer is asked: whatever it means is denied, unless that one lets it pass. */
export function resolveExternal(
  context: BindContext,
  settings: string,
  scope: BoundScope,
  { name, provider, to, pin, accept, mandate, reason, owner, ticket }: ExternalRule,
  { accept: inherited, mandate: wide }: ForAllRules,
): ResolvedRule {
  return {
    origin: { id: `${settings}/${name.value}`, span: name.span, reason, owner, ticket },
    scope,
    mandate: mandateOf(mandate, wide),
    effect: 'Deny',
    authorizer: provider.value,
    callers: resolveCallers(context, undefined, namespaceOf(scope), name.span),
    targets: resolveRequestTargets(context, to ?? [everything(name.span)], scope, !speaksGrpc(context, provider.value)),
    issuers: [],
    ...(pin && { pin }),
    accept: [...accept.filter(context.isInForce), ...inherited],
  };
}

function everything(span: Span): TargetReference {
  return { destination: undefined, port: undefined, conditions: [], except: [], span };
}

/** Reports authorizers that nobody asks, or that are not there. */
export function checkAuthorizers(
  context: ResolveContext,
  { authorization }: Pick<SecuritySettings, 'authorization'>,
): void {
  for (const { provider } of authorization?.external ?? []) checkProvider(context, provider);
}

/** A proxy that is told of a provider which the MeshConfig does not have refuses whatever it would ask about (istio-security §7). */
export function checkProvider(context: ResolveContext, { value: provider, span }: Located<string>): void {
  for (const { name: cluster, settings } of context.topology.clusters) {
    const known = settings.istio.extensionProviders ?? [];
    const declared = known.find(({ name }) => name === provider);
    if (declared === undefined) {
      const near = didYouMean(
        suggest(
          provider,
          known.map(({ name }) => name),
        ),
      );
      context.report(diagnostic('unknown-authorizer', { provider, cluster }, span, near));
    } else if (declared.span === undefined) checkAsked(context, declared, span);
  }
}

/** Only a provider that speaks gRPC is asked about connections (istio-security §2.5). */
export function speaksGrpc({ topology }: BindContext, provider: string): boolean {
  return topology.clusters.every(({ settings: { istio } }) =>
    istio.extensionProviders?.some(({ name, asked }) => name === provider && asked?.kind === 'grpc'),
  );
}
