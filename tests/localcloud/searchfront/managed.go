package searchfront

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// index is one that a request names, or that matches the pattern that it names.
type index struct {
	name, uuid string
	// created is in milliseconds since 1970.
	created int64
}

// indices asks OpenSearch, in the order of their names.
func (p *policies) indices(ctx context.Context, expression string) ([]index, error) {
	var found map[string]struct {
		Settings struct {
			Index struct {
				UUID    string `json:"uuid"`
				Created string `json:"creation_date"`
			} `json:"index"`
		} `json:"settings"`
	}
	path := "/" + url.PathEscape(expression) + "/_settings/index.uuid,index.creation_date?expand_wildcards=open"
	if err := p.server.get(ctx, path, &found, Master); err != nil {
		return nil, err
	}
	var indices []index
	for _, name := range slices.Sorted(maps.Keys(found)) {
		settings := found[name].Settings.Index
		created, err := strconv.ParseInt(settings.Created, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read when the index %s was created: %w", name, err)
		}
		indices = append(indices, index{name, settings.UUID, created})
	}
	return indices, nil
}

// of returns the policy that an index follows: the copy that it was given, or the one of the highest priority that had a template
// for it when it was created. There may be none.
func (p *policies) of(i index) (followed policy, ok bool) {
	if copied, ok := p.kept[i.uuid]; ok {
		return copied, true
	}
	highest := -1
	for _, id := range slices.Sorted(maps.Keys(p.stored)) {
		candidate := p.stored[id].policy
		if priority, manages := candidate.priorityFor(i.name, i.created); manages && priority > highest {
			followed, highest, ok = candidate, priority, true
		}
	}
	return followed, ok
}

// keep has indices go on with the policies that they follow, whatever becomes of these.
func (p *policies) keep(indices []index) {
	for _, i := range indices {
		if followed, ok := p.of(i); ok {
			p.kept[i.uuid] = followed
		}
	}
}

// failure is an index to which a request could not be applied.
type failure struct {
	Name   string `json:"index_name"`
	UUID   string `json:"index_uuid"`
	Reason string `json:"reason"`
}

func (p *policies) add(r *http.Request, expression string) (reply, error) {
	var request struct {
		PolicyID string `json:"policy_id"`
	}
	if err := decode(r, &request); err != nil {
		return reply{}, err
	}
	return p.assign(r.Context(), expression, request.PolicyID, "", func(managed bool) string {
		if managed {
			return "This index already has a policy, use the update policy API to update index policies"
		}
		return ""
	})
}

func (p *policies) change(r *http.Request, expression string) (reply, error) {
	var request struct {
		PolicyID string  `json:"policy_id"`
		State    *string `json:"state"`
		Include  []struct {
			State string `json:"state"`
		} `json:"include"`
		IsSafe bool `json:"is_safe"`
	}
	if err := decode(r, &request); err != nil {
		return reply{}, err
	}
	state := ""
	if request.State != nil {
		state = *request.State
	}
	return p.assign(r.Context(), expression, request.PolicyID, state, func(managed bool) string {
		if !managed {
			return "This index is not being managed"
		}
		return ""
	})
}

// assign gives indices a policy but for those of which refuse, told whether they have one, says why not.
func (p *policies) assign(ctx context.Context, expression, id, state string, refuse func(managed bool) string) (reply, error) {
	if id == "" {
		return reply{}, badPolicy("Missing policy_id")
	}
	indices, err := p.indices(ctx, expression)
	if err != nil {
		return reply{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	wanted, ok := p.stored[id]
	if !ok {
		return reply{}, openSearchError(http.StatusNotFound, "status_exception", "Could not find policy="+id)
	}
	if state != "" && !wanted.policy.has(state) {
		return reply{}, badPolicy("Cannot change to state=%s, which policy=%s has not", state, id)
	}
	failed := []failure{}
	for _, i := range indices {
		_, managed := p.of(i)
		if reason := refuse(managed); reason != "" {
			failed = append(failed, failure{i.name, i.uuid, reason})
			continue
		}
		p.kept[i.uuid] = wanted.policy
	}
	return reply{http.StatusOK, map[string]any{
		"updated_indices": len(indices) - len(failed), "failures": len(failed) > 0, "failed_indices": failed,
	}}, nil
}

func (p policy) has(name string) bool {
	return slices.ContainsFunc(p.States, func(s state) bool { return s.Name == name })
}

// explain answers which policy manages an index. Since no policy runs, it says nothing of the state that an index is in.
func (p *policies) explain(r *http.Request, expression string) (reply, error) {
	indices, err := p.indices(r.Context(), expression)
	if err != nil {
		return reply{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	body, managed := map[string]any{}, 0
	for _, i := range indices {
		explained := map[string]any{"enabled": nil}
		var policyID any
		if followed, ok := p.of(i); ok {
			managed++
			policyID = followed.ID
			explained = map[string]any{"index": i.name, "index_uuid": i.uuid, "policy_id": policyID, "enabled": true}
			if r.URL.Query().Get("show_policy") == "true" {
				explained["policy"] = followed
			}
		}
		explained["index.plugins.index_state_management.policy_id"] = policyID
		explained["index.opendistro.index_state_management.policy_id"] = policyID
		body[i.name] = explained
	}
	body["total_managed_indices"] = managed
	return reply{http.StatusOK, body}, nil
}
