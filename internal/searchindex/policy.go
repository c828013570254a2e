package searchindex

import (
	"encoding/json"
	"strconv"
)

// policy deletes an index once its youngest document has been kept for long enough. Indices that are made from now on take it
// by its pattern.
func (s Settings) policy() Document {
	return Document{
		Kind: Policy, Name: s.IndexName, Method: "PUT", Path: "/_plugins/_ism/policies/" + s.IndexName,
		Body: body(values{"policy": values{
			"description":   "Deletes log indices by their age",
			"default_state": "kept",
			"states":        s.PolicyStates(),
			"ism_template":  []values{{"index_patterns": []string{s.Pattern()}, "priority": priority}},
		}}),
	}
}

// PolicyStates are the policy's states, of which each index has a copy.
func (s Settings) PolicyStates() json.RawMessage {
	return body([]values{
		{"name": "kept", "actions": []values{}, "transitions": []values{{
			"state_name": "deleted", "conditions": values{"min_index_age": s.maxAge()},
		}}},
		{"name": "deleted", "actions": []values{{"delete": values{}}}, "transitions": []values{}},
	})
}

// maxAge counts from when an index was made. Its youngest document is a rotation younger.
func (s Settings) maxAge() string {
	return strconv.Itoa(s.DaysKept*24+RotationHours(s.Rotation)) + "h"
}

// enrolment has indices that exist follow the policy as it is now: index state management gives each index a copy when it is
// made (docs.opensearch.org/latest/im-plugin/ism/api, "Update managed index policy").
func (s Settings) enrolment() Document {
	return Document{
		Kind: Enrolment, Name: s.Pattern(), Method: "POST", Path: "/_plugins/_ism/change_policy/" + s.Pattern(),
		Body: body(values{"policy_id": s.IndexName}),
	}
}
