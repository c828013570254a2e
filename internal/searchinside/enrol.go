package searchinside

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"example.com/log-pipeline/internal/searchindex"
)

// atOnce are so many names of indices that they fit into the first line of a request, 4 KiB
// (docs.opensearch.org/latest/install-and-configure/configuring-opensearch/network-settings, http.max_initial_line_length).
const atOnce = 40

// managed is what index state management says of an index.
type managed struct {
	// PolicyID is empty where nothing manages the index.
	PolicyID string `json:"index.plugins.index_state_management.policy_id"`
	// Policy is the copy that the index follows.
	Policy struct {
		States any `json:"states"`
	} `json:"policy"`
}

// enrol has the indices that exist follow the policy as it is now. An index of no policy takes it: it was made before the policy was.
// One that somebody has given another policy keeps that.
func (d domain) enrol(ctx context.Context, document searchindex.Document) (bool, error) {
	indices, err := d.get(ctx, "/"+d.settings.Pattern()+"/_settings")
	if err != nil || len(indices) == 0 {
		return false, err
	}
	_, answer, err := d.ask(ctx, http.MethodGet, "/_plugins/_ism/explain/"+d.settings.Pattern()+"?show_policy=true", nil)
	if err != nil {
		return false, err
	}
	var explanation map[string]json.RawMessage
	if err := unmarshal(answer, &explanation); err != nil {
		return false, err
	}
	wanted, err := d.states()
	if err != nil {
		return false, err
	}
	var without, behind []string
	for name, index := range explained(explanation) {
		switch {
		case index.PolicyID == "":
			without = append(without, name)
		case index.PolicyID == d.settings.IndexName && !covers(index.Policy.States, wanted):
			behind = append(behind, name)
		}
	}
	for action, names := range map[string][]string{"add": without, "change_policy": behind} {
		slices.Sort(names)
		for chunk := range slices.Chunk(names, atOnce) {
			if err := d.enrolAs(ctx, action, chunk, document.Body); err != nil {
				return false, err
			}
		}
	}
	return len(without)+len(behind) > 0, nil
}

// states are those that each index is to follow.
func (d domain) states() (any, error) {
	var states any
	err := decode(d.settings.PolicyStates(), &states)
	return states, err
}

// explained are the indices in an answer, which has a count beside them.
func explained(answer map[string]json.RawMessage) map[string]managed {
	indices := map[string]managed{}
	for name, of := range answer {
		var index managed
		if json.Unmarshal(of, &index) == nil {
			indices[name] = index
		}
	}
	return indices
}

// enrolAs gives the policy to indices. The answer is a success even where it names some that did not take it.
func (d domain) enrolAs(ctx context.Context, action string, names []string, body json.RawMessage) error {
	path := "/_plugins/_ism/" + action + "/" + strings.Join(names, ",")
	answer, err := d.send(ctx, http.MethodPost, path, body)
	if err != nil {
		return err
	}
	var outcome struct {
		Failed []struct {
			Name   string `json:"index_name"`
			Reason string `json:"reason"`
		} `json:"failed_indices"`
	}
	if err := unmarshal(answer, &outcome); err != nil {
		return err
	}
	for _, index := range outcome.Failed {
		if !strings.Contains(index.Reason, leaving) {
			return fmt.Errorf("POST %s: index %s: %s", path, index.Name, index.Reason)
		}
	}
	return nil
}

// leaving is said of an index that is being deleted already
// (gh:opensearch-project/index-management RestChangePolicyAction.kt, INDEX_IN_TRANSITION).
const leaving = "transition"
