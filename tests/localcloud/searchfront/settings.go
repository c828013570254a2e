package searchfront

import (
	"encoding/json"
	"net/http"
	"sync"
)

// settings are those that somebody has chosen for Dashboards, by tenant and name.
type settings struct {
	mu     sync.Mutex
	chosen map[string]map[string]any
}

func newSettings() *settings { return &settings{chosen: map[string]map[string]any{}} }

func (s *settings) get(tenant string) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]any{}
	for name, value := range s.chosen[tenant] {
		found[name] = map[string]any{"userValue": value}
	}
	return reply{http.StatusOK, map[string]any{"settings": found}}
}

// change sets some. One that is set to null is the default again.
func (s *settings) change(r *http.Request, tenant string) (reply, error) {
	var request struct {
		Changes map[string]any `json:"changes"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&request); err != nil || request.Changes == nil {
		return reply{}, dashboardsError(http.StatusBadRequest, "[request body.changes]: expected value of type [object]")
	}
	s.mu.Lock()
	if s.chosen[tenant] == nil {
		s.chosen[tenant] = map[string]any{}
	}
	for name, value := range request.Changes {
		if value == nil {
			delete(s.chosen[tenant], name)
		} else {
			s.chosen[tenant][name] = value
		}
	}
	s.mu.Unlock()
	return s.get(tenant), nil
}
