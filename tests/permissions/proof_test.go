package permissions

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// asked is a request with where it stands in the table.
type asked struct {
	call
	hop string
	// what is the change that must be denied; empty for what must be allowed.
	what string
}

// table is the requests of all hops, in one order.
func table(hops []hop) []asked {
	var all []asked
	for _, h := range hops {
		for _, c := range h.calls() {
			all = append(all, asked{call: c, hop: h.name})
		}
		for _, what := range slices.Sorted(maps.Keys(h.denied)) {
			for _, c := range h.deniedCalls(what) {
				all = append(all, asked{call: c, hop: h.name, what: what})
			}
		}
	}
	return all
}

// prove fails the test for every fault. redundant are mutants that change nothing, and why.
func prove(t *testing.T, w *world, hops []hop, redundant map[string]string) {
	t.Helper()
	for _, fault := range faults(t, w, hops, redundant) {
		t.Error(fault)
	}
}

// faults puts the whole table, and the mutants of every policy, to one process of the simulator.
func faults(t *testing.T, w *world, hops []hop, redundant map[string]string) []string {
	t.Helper()
	dir, err := EnsureSimulator(t.Context(), "../..")
	require.NoError(t, err)
	requests := table(hops)
	questions := Questions{Policies: surroundings()}
	maps.Copy(questions.Policies, w.policies)
	for _, r := range requests {
		request := r.request()
		request.Want = r.what == ""
		questions.Requests = append(questions.Requests, request)
	}
	var mutants []mutation
	for _, policy := range slices.Sorted(maps.Keys(w.policies)) {
		for _, m := range mutations(policy, w.policies[policy]) {
			mutants = append(mutants, m)
			questions.Mutants = append(questions.Mutants, m.question(requests))
		}
	}
	answers, err := Simulate(t.Context(), dir, questions)
	require.NoError(t, err)
	t.Logf("%d requests and %d mutants of %d policies", len(requests), len(mutants), len(w.policies))
	return slices.Concat(hopFaults(requests, answers.Verdicts), roleFaults(w, requests), mutantFaults(mutants, answers.Mutants, redundant))
}

func hopFaults(requests []asked, verdicts []Verdict) []string {
	var faults []string
	for i, r := range requests {
		v := verdicts[i]
		why := strings.Join(append([]string{r.String()}, v.Why...), "\n  ")
		switch {
		case v.Error != "":
			faults = append(faults, fmt.Sprintf("%s: %s: the request makes no sense: %s\n  %s", r.hop, r.what, v.Error, why))
		case r.what == "" && !v.Allowed():
			faults = append(faults, fmt.Sprintf("%s: it is denied\n  %s", r.hop, why))
		case r.what != "" && v.Allowed():
			faults = append(faults, fmt.Sprintf("%s: allowed too: %s\n  %s", r.hop, r.what, why))
		}
	}
	return faults
}

// roleFaults asks of every role requests that are allowed and requests that are denied, for taking it on and in it.
func roleFaults(w *world, requests []asked) []string {
	var faults []string
	for _, role := range w.roles {
		taking := func(r asked) bool { return r.on.arn == role.arn }
		within := func(r asked) bool { return r.by.role == role }
		concerning := map[string]func(asked) bool{"taking it on": taking, "its sessions": within}
		if role.trust == "" {
			delete(concerning, "taking it on")
		}
		for what, concerns := range concerning {
			for outcome, allowed := range map[string]bool{"allowed": true, "denied": false} {
				if !slices.ContainsFunc(requests, func(r asked) bool { return concerns(r) && (r.what == "") == allowed }) {
					faults = append(faults, fmt.Sprintf("the role %s (%s): add a request about %s that is %s", cmp.Or(role.trust, role.name), role.arn, what, outcome))
				}
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// mutantFaults wants every change of a policy noticed, but those that change nothing for a reason that is given.
func mutantFaults(mutants []mutation, noticed []bool, redundant map[string]string) []string {
	var faults []string
	seen := map[string]bool{}
	for i, m := range mutants {
		reason, excused := redundant[m.String()]
		seen[m.String()] = true
		switch {
		case noticed[i] && excused:
			faults = append(faults, fmt.Sprintf("%s: a request notices it, against what is said: %s", m, reason))
		case noticed[i] || excused:
		case m.grants:
			faults = append(faults, fmt.Sprintf("%s: add a request that is denied, and would be allowed then", m))
		default:
			faults = append(faults, fmt.Sprintf("%s: add a request that needs it, or take it out of the policy", m))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(redundant)) {
		if !seen[name] {
			faults = append(faults, "there is no mutant "+name)
		}
	}
	return faults
}

// question asks those requests that the policy has a say in.
func (m mutation) question(requests []asked) Mutant {
	q := Mutant{Policy: m.policy, Changed: m.changed, Want: m.grants, Requests: []int{}}
	for i, r := range requests {
		concerned := r.on.attached == m.policy || slices.Contains(r.by.policies, m.policy)
		if concerned && (r.what == "") != m.grants {
			q.Requests = append(q.Requests, i)
		}
	}
	return q
}
