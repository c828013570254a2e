package searchfront

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"

	"example.com/log-pipeline/tests/localcloud/searchserver"
)

const securityAPI = "/_plugins/_security/"

// server is the OpenSearch behind a front, at that URL.
type server struct{ url string }

// get reads an answer of OpenSearch's to these roles. What it refuses is a refusal.
func (s server) get(ctx context.Context, path string, into any, roles ...string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
	if err != nil {
		return err
	}
	searchserver.SetCaller(request.Header, roles...)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask OpenSearch: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("ask OpenSearch for %s: %w", path, err)
	}
	if response.StatusCode != http.StatusOK {
		return refusal{response.StatusCode, json.RawMessage(content)}
	}
	return json.Unmarshal(content, into)
}

// account is what OpenSearch knows of a caller.
type account struct {
	// Roles are those that the caller is mapped to.
	Roles []string
	// Tenants are those of Dashboards that the caller may read; true says that it may write there too.
	Tenants map[string]bool
}

func (s server) account(ctx context.Context, who caller) (account, error) {
	var found account
	return found, s.get(ctx, securityAPI+"authinfo", &found, who.roles...)
}

// require refuses a caller that OpenSearch's roles do not let do the action on the cluster, with OpenSearch's own words.
func (s server) require(ctx context.Context, who caller, action string) error {
	found, err := s.account(ctx, who)
	if err != nil {
		return err
	}
	var roles map[string]struct {
		Permissions []string `json:"cluster_permissions"`
	}
	if err := s.get(ctx, securityAPI+"api/roles", &roles, Master); err != nil {
		return err
	}
	var groups map[string]struct {
		Actions []string `json:"allowed_actions"`
	}
	if err := s.get(ctx, securityAPI+"api/actiongroups", &groups, Master); err != nil {
		return err
	}
	var allows func(permissions []string) bool
	allows = func(permissions []string) bool {
		for _, permission := range permissions {
			if matches(permission, action) || allows(groups[permission].Actions) {
				return true
			}
		}
		return false
	}
	for _, role := range found.Roles {
		if allows(roles[role].Permissions) {
			return nil
		}
	}
	return noPermissions(action, who)
}

func noPermissions(action string, who caller) refusal {
	return openSearchError(http.StatusForbidden, "security_exception", fmt.Sprintf(
		"no permissions for [%s] and User [name=%s, backend_roles=[%s], requestedTenant=null]", action, who.arn(), who.arn()))
}

// matches tells whether a text matches a pattern with asterisks.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*") + "$").MatchString(text)
}
