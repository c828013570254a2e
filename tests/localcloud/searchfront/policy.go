package searchfront

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What follows is of gh:opensearch-project/index-management at the tag 2.19.4.0, indexstatemanagement/model: names, checks and
// words. OpenSearch answers with more than it was given: see normalize.

const (
	// policySchema is the version in mappings/opendistro-ism-config.json.
	policySchema = 21
	deleteAction = "delete"
)

// policy is one of Index State Management.
type policy struct {
	ID                string          `json:"policy_id"`
	Description       *string         `json:"description"`
	LastUpdated       int64           `json:"last_updated_time"`
	SchemaVersion     int             `json:"schema_version"`
	ErrorNotification json.RawMessage `json:"error_notification"`
	DefaultState      *string         `json:"default_state"`
	States            []state         `json:"states"`
	Templates         []ismTemplate   `json:"ism_template,omitempty"`
}

type state struct {
	Name        string       `json:"name"`
	Actions     []action     `json:"actions"`
	Transitions []transition `json:"transitions"`
}

type action struct {
	Timeout *string   `json:"timeout,omitempty"`
	Retry   *retry    `json:"retry,omitempty"`
	Delete  *struct{} `json:"delete,omitempty"`
}

type retry struct {
	Count   int    `json:"count"`
	Backoff string `json:"backoff"`
	Delay   string `json:"delay"`
}

type transition struct {
	StateName  string      `json:"state_name"`
	Conditions *conditions `json:"conditions,omitempty"`
}

// conditions are those of a transition by age, the only one that the local cloud's indices need.
type conditions struct {
	MinIndexAge *string `json:"min_index_age,omitempty"`
}

// ismTemplate has new indices of these names managed by its policy.
type ismTemplate struct {
	IndexPatterns []string `json:"index_patterns"`
	Priority      int      `json:"priority"`
	LastUpdated   int64    `json:"last_updated_time"`
}

// parsePolicy reads the body of a request that puts a policy.
func parsePolicy(id string, body []byte, now time.Time) (policy, error) {
	var request struct{ Policy policy }
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&request); err != nil {
		return policy{}, badPolicy("%s", unknownField(err))
	}
	p := request.Policy
	if err := p.check(); err != nil {
		return policy{}, err
	}
	return p.normalize(id, now), nil
}

// unknownField says what is wrong in the words of Index State Management where it has some for it.
func unknownField(err error) string {
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Sprintf("Invalid field: [%s] found", strings.Trim(name, `"`))
	}
	return err.Error()
}

func (p policy) check() error {
	switch {
	case p.Description == nil:
		return badPolicy("description is null")
	case p.DefaultState == nil:
		return badPolicy("default_state is null")
	case len(p.States) == 0:
		return badPolicy("Policy must contain at least one State")
	}
	var names []string
	for _, state := range p.States {
		if slices.Contains(names, state.Name) {
			return badPolicy("Policy cannot have duplicate state names")
		}
		names = append(names, state.Name)
	}
	if !slices.Contains(names, *p.DefaultState) {
		return badPolicy("Policy must have a valid default state")
	}
	for _, state := range p.States {
		if err := state.check(names); err != nil {
			return err
		}
	}
	for _, template := range p.Templates {
		if err := template.check(); err != nil {
			return err
		}
	}
	return nil
}

func (s state) check(names []string) error {
	if strings.TrimSpace(s.Name) == "" {
		return badPolicy("State must contain a valid name")
	}
	for i, action := range s.Actions {
		if action.Delete == nil {
			return badPolicy("Action inside state is null: the local cloud knows the action %s alone", deleteAction)
		}
		if i > 0 {
			return badPolicy("State=%s must not contain an action after a delete action", s.Name)
		}
	}
	if len(s.Actions) > 0 && len(s.Transitions) > 0 {
		return badPolicy("State=%s cannot contain transitions if using delete action", s.Name)
	}
	for _, transition := range s.Transitions {
		if !slices.Contains(names, transition.StateName) {
			return badPolicy("Policy contains a transition in state=%s pointing to a nonexistent state=%s", s.Name, transition.StateName)
		}
		if c := transition.Conditions; c != nil && c.MinIndexAge != nil && !timeValue.MatchString(*c.MinIndexAge) {
			return badPolicy("failed to parse setting [min_index_age] with value [%s] as a time value: unit is missing or unrecognized",
				*c.MinIndexAge)
		}
	}
	return nil
}

// timeValue is a duration as OpenSearch reads it: docs.opensearch.org/latest/api-reference/units.
var timeValue = regexp.MustCompile(`^(0|-1|\d+ ?(nanos|micros|ms|s|m|h|d))$`)

// validFileName has what is in no name of an index, but for the asterisk.
const invalidInNames = `\/?"<>| ,`

func (t ismTemplate) check() error {
	switch {
	case t.Priority < 0:
		return badPolicy("Requires priority to be >= 0")
	case len(t.IndexPatterns) == 0:
		return badPolicy("Requires at least one index pattern")
	}
	for _, pattern := range t.IndexPatterns {
		switch {
		case strings.ContainsAny(pattern, "#:"):
			return badTemplate("index_pattern [%s] must not contain a '#' or a ':'", pattern)
		case strings.HasPrefix(pattern, "_"):
			return badTemplate("index_pattern [%s] must not start with '_'", pattern)
		case strings.ContainsAny(pattern, invalidInNames):
			return badTemplate("index_pattern [%s] must not contain the following characters %s", pattern, invalidInNames)
		}
	}
	return nil
}

// normalize is the policy as it is stored and answered: with times, a schema version and the default retries.
func (p policy) normalize(id string, now time.Time) policy {
	p.ID, p.SchemaVersion, p.LastUpdated = id, policySchema, now.UnixMilli()
	if p.ErrorNotification == nil {
		p.ErrorNotification = json.RawMessage("null")
	}
	for i := range p.States {
		state := &p.States[i]
		// No nil: they are answered as empty lists.
		state.Actions, state.Transitions = append([]action{}, state.Actions...), append([]transition{}, state.Transitions...)
		for j := range state.Actions {
			if state.Actions[j].Retry == nil {
				state.Actions[j].Retry = &retry{Count: 3, Backoff: "exponential", Delay: "1m"}
			}
		}
	}
	for i := range p.Templates {
		// A client that puts what it got keeps the time, so that the policy goes on to manage the indices since.
		if p.Templates[i].LastUpdated == 0 {
			p.Templates[i].LastUpdated = now.UnixMilli()
		}
	}
	return p
}

// priorityFor is the highest priority by which the policy manages an index of that name and time; ok is false where it does not.
func (p policy) priorityFor(index string, created int64) (priority int, ok bool) {
	for _, template := range p.Templates {
		manages := func(pattern string) bool { return matches(pattern, index) }
		if template.LastUpdated < created && slices.ContainsFunc(template.IndexPatterns, manages) {
			priority, ok = max(priority, template.Priority), true
		}
	}
	return priority, ok
}

func badPolicy(format string, args ...any) refusal {
	return openSearchError(http.StatusBadRequest, "illegal_argument_exception", fmt.Sprintf(format, args...))
}

func badTemplate(format string, args ...any) refusal {
	return openSearchError(http.StatusBadRequest, "index_management_exception", fmt.Sprintf(format, args...))
}
