// Package ztunnel is what ztunnel does with the index that istiod sends it. ztunnel is written in Rust and cannot be run
// here, so its rules are stated again, after src/rbac.rs, src/state.rs and src/proxy/outbound.rs.
package ztunnel

import (
	"fmt"
	"net/netip"
	"sort"
	"strings"

	"ambit.dev/conformance/judge/internal/istiod"
	"istio.io/istio/pkg/workloadapi"
	"istio.io/istio/pkg/workloadapi/security"
)

// Connection is what ztunnel sees of a caller at the pod.
type Connection struct {
	// Identity is the SPIFFE identity, empty for plaintext.
	Identity    string
	Source      string
	Destination string
	Port        int
}

// Admits says whether the ztunnel of a workload lets a connection in, and by which policy.
func Admits(index *istiod.Index, workload *workloadapi.Workload, connection Connection) (bool, string) {
	var allows, denies []*security.Authorization
	for _, key := range attached(index, workload) {
		policy := index.Policies[key]
		switch {
		case policy == nil || policy.DryRun:
		case policy.Action == security.Action_ALLOW:
			allows = append(allows, policy)
		default:
			denies = append(denies, policy)
		}
	}
	for _, policy := range denies {
		if matches(policy, connection) {
			return false, "denied by " + name(policy)
		}
	}
	if len(allows) == 0 {
		return true, "no policy allows anybody in particular"
	}
	for _, policy := range allows {
		if matches(policy, connection) {
			return true, "allowed by " + name(policy)
		}
	}
	return false, fmt.Sprintf("not allowed by %s", strings.Join(names(allows), ", "))
}

// attached are the keys of the policies for a workload: of the mesh, of its namespace, and its own.
func attached(index *istiod.Index, workload *workloadapi.Workload) []string {
	keys := append([]string{}, workload.AuthorizationPolicies...)
	for key, policy := range index.Policies {
		if policy.Scope == security.Scope_GLOBAL || policy.Scope == security.Scope_NAMESPACE && policy.Namespace == workload.Namespace {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

func name(policy *security.Authorization) string { return policy.Namespace + "/" + policy.Name }

func names(policies []*security.Authorization) []string {
	out := make([]string, len(policies))
	for i, policy := range policies {
		out[i] = name(policy)
	}
	return out
}

// matches: one group whose rules all have a match. A policy without groups matches nothing, a rule without matches all.
func matches(policy *security.Authorization, connection Connection) bool {
	return has(policy.Groups, func(group *security.Group) bool {
		for _, rule := range group.Rules {
			if len(rule.Matches) > 0 && !has(rule.Matches, func(match *security.Match) bool { return matchesOne(match, connection) }) {
				return false
			}
		}
		return true
	})
}

func matchesOne(match *security.Match, connection Connection) bool {
	if empty(match) {
		return false
	}
	namespace, serviceAccount := parts(connection.Identity)
	identified := connection.Identity != ""
	return both(match.DestinationIps, match.NotDestinationIps, func(block *security.Address) bool { return contains(block, connection.Destination) }) &&
		both(match.SourceIps, match.NotSourceIps, func(block *security.Address) bool { return contains(block, connection.Source) }) &&
		both(match.DestinationPorts, match.NotDestinationPorts, func(port uint32) bool { return int(port) == connection.Port }) &&
		both(match.ServiceAccounts, match.NotServiceAccounts, func(account *security.ServiceAccountMatch) bool {
			return identified && account.Namespace == namespace && account.ServiceAccount == serviceAccount
		}) &&
		both(match.Principals, match.NotPrincipals, func(principal *security.StringMatch) bool {
			return identified && matchesText(principal, strings.TrimPrefix(connection.Identity, "spiffe://"))
		}) &&
		both(match.Namespaces, match.NotNamespaces, func(pattern *security.StringMatch) bool { return matchesText(pattern, namespace) })
}

// empty matches are skipped.
func empty(match *security.Match) bool {
	return len(match.Namespaces)+len(match.NotNamespaces)+len(match.Principals)+len(match.NotPrincipals)+
		len(match.SourceIps)+len(match.NotSourceIps)+len(match.DestinationIps)+len(match.NotDestinationIps)+
		len(match.DestinationPorts)+len(match.NotDestinationPorts)+len(match.ServiceAccounts)+len(match.NotServiceAccounts) == 0
}

// parts are the namespace and the service account of an identity.
func parts(identity string) (namespace, serviceAccount string) {
	fields := strings.Split(strings.TrimPrefix(identity, "spiffe://"), "/")
	if len(fields) < 5 {
		return "", ""
	}
	return fields[2], fields[4]
}

func both[T any](positive, negative []T, matches func(T) bool) bool {
	return (len(positive) == 0 || has(positive, matches)) && !has(negative, matches)
}

func has[T any](of []T, matches func(T) bool) bool {
	for _, one := range of {
		if matches(one) {
			return true
		}
	}
	return false
}

func matchesText(match *security.StringMatch, text string) bool {
	switch match := match.MatchType.(type) {
	case *security.StringMatch_Exact:
		return text == match.Exact
	case *security.StringMatch_Prefix:
		return strings.HasPrefix(text, match.Prefix)
	case *security.StringMatch_Suffix:
		return strings.HasSuffix(text, match.Suffix)
	case *security.StringMatch_Presence:
		return text != ""
	}
	return false
}

func contains(block *security.Address, ip string) bool {
	base, ok := netip.AddrFromSlice(block.Address)
	address, err := netip.ParseAddr(ip)
	if !ok || err != nil {
		return false
	}
	prefix, err := base.Prefix(int(block.Length))
	return err == nil && prefix.Contains(address)
}
