package ztunnel

import (
	"testing"

	"ambit.dev/conformance/judge/internal/istiod"
	"istio.io/istio/pkg/workloadapi"
	"istio.io/istio/pkg/workloadapi/security"
)

const alice = "spiffe://cluster.local/ns/shop/sa/alice"

func policy(name string, action security.Action, scope security.Scope, matches ...*security.Match) *security.Authorization {
	out := &security.Authorization{Name: name, Namespace: "shop", Action: action, Scope: scope}
	if matches != nil {
		out.Groups = []*security.Group{{Rules: []*security.Rules{{Matches: matches}}}}
	}
	return out
}

func index(policies ...*security.Authorization) *istiod.Index {
	out := &istiod.Index{Policies: map[string]*security.Authorization{}}
	for _, policy := range policies {
		out.Policies["shop/"+policy.Name] = policy
	}
	return out
}

func namespaces(of string) *security.Match {
	return &security.Match{Namespaces: []*security.StringMatch{{MatchType: &security.StringMatch_Exact{Exact: of}}}}
}

func notNamespaces(of string) *security.Match {
	return &security.Match{NotNamespaces: namespaces(of).Namespaces}
}

func TestAdmits(t *testing.T) {
	inNamespace, onWorkload := security.Scope_NAMESPACE, security.Scope_WORKLOAD_SELECTOR
	dryRun := policy("dry", security.Action_DENY, inNamespace, namespaces("shop"))
	dryRun.DryRun = true
	tries := []struct {
		name     string
		policies []*security.Authorization
		own      []string
		identity string
		admitted bool
	}{
		{"nothing is said", nil, nil, "", true},
		{"an allow without rules admits nobody", []*security.Authorization{policy("p", security.Action_ALLOW, inNamespace)}, nil, alice, false},
		{"an allow that matches", []*security.Authorization{policy("p", security.Action_ALLOW, inNamespace, namespaces("shop"))}, nil, alice, true},
		{"an allow of others", []*security.Authorization{policy("p", security.Action_ALLOW, inNamespace, namespaces("pay"))}, nil, alice, false},
		{"a denial comes first", []*security.Authorization{policy("a", security.Action_ALLOW, inNamespace, namespaces("shop")), policy("d", security.Action_DENY, inNamespace, namespaces("shop"))}, nil, alice, false},
		{"a dry run decides nothing", []*security.Authorization{dryRun}, nil, alice, true},
		{"a selector of others", []*security.Authorization{policy("p", security.Action_DENY, onWorkload, namespaces("shop"))}, nil, alice, true},
		{"its own selector", []*security.Authorization{policy("p", security.Action_DENY, onWorkload, namespaces("shop"))}, []string{"shop/p"}, alice, false},
		{"nobody is in no namespace", []*security.Authorization{policy("p", security.Action_DENY, inNamespace, notNamespaces("shop"))}, nil, "", false},
		{"an empty match is skipped", []*security.Authorization{policy("p", security.Action_DENY, inNamespace, &security.Match{})}, nil, alice, true},
	}
	for _, try := range tries {
		t.Run(try.name, func(t *testing.T) {
			workload := &workloadapi.Workload{Namespace: "shop", AuthorizationPolicies: try.own}
			connection := Connection{Identity: try.identity, Source: "10.0.0.1", Destination: "10.0.0.2", Port: 8080}
			if admitted, why := Admits(index(try.policies...), workload, connection); admitted != try.admitted {
				t.Errorf("admitted is %v: %s", admitted, why)
			}
		})
	}
}

func TestMappedAddressesAreOtherAddresses(t *testing.T) {
	mapped := &security.Address{Address: append(append(make([]byte, 10), 0xff, 0xff), 10, 0, 0, 1), Length: 128}
	if contains(mapped, "10.0.0.1") {
		t.Error("an IPv4 address that is mapped to IPv6 is no IPv4 address at ztunnel")
	}
	if !contains(&security.Address{Address: []byte{10, 0, 0, 0}, Length: 8}, "10.200.0.1") {
		t.Error("10.0.0.0/8 contains 10.200.0.1")
	}
}
