package searchinside

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"example.com/log-pipeline/internal/searchindex"
)

// members are who has a role, in all ways together.
type members struct {
	BackendRoles    []string `json:"backend_roles"`
	AndBackendRoles []string `json:"and_backend_roles"`
	Hosts           []string `json:"hosts"`
	Users           []string `json:"users"`
	Description     string   `json:"description,omitempty"`
}

// putMembers adds a role's new members and takes out those whom an earlier run has added. All others stay, the domain's master
// above all. The mapping that remembers whom a run has added is put after this, so that a run that was cut off between is completed.
func (d domain) putMembers(ctx context.Context, document searchindex.Document) (bool, error) {
	var wanted members
	if err := unmarshal(document.Body, &wanted); err != nil {
		return false, err
	}
	before, err := d.membersAt(ctx, document.Path)
	if err != nil {
		return false, err
	}
	added, err := d.membersAt(ctx, d.settings.FormerAdminsPath())
	if err != nil {
		return false, err
	}
	after := before
	after.BackendRoles = slices.DeleteFunc(slices.Clone(before.BackendRoles), func(role string) bool {
		return slices.Contains(added.BackendRoles, role) && !slices.Contains(wanted.BackendRoles, role)
	})
	for _, role := range wanted.BackendRoles {
		if !slices.Contains(after.BackendRoles, role) {
			after.BackendRoles = append(after.BackendRoles, role)
		}
	}
	if slices.Equal(after.BackendRoles, before.BackendRoles) {
		return false, nil
	}
	body, err := json.Marshal(after)
	if err != nil {
		return false, err
	}
	_, err = d.send(ctx, document.Method, document.Path, body)
	return err == nil, err
}

// membersAt are those of a mapping, which nobody has where there is none.
func (d domain) membersAt(ctx context.Context, path string) (members, error) {
	none := members{BackendRoles: []string{}, AndBackendRoles: []string{}, Hosts: []string{}, Users: []string{}}
	status, answer, err := d.ask(ctx, http.MethodGet, path, nil)
	if status == http.StatusNotFound {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	var mappings map[string]members
	if err := unmarshal(answer, &mappings); err != nil {
		return none, err
	}
	for _, only := range mappings {
		return only, nil
	}
	return none, nil
}
