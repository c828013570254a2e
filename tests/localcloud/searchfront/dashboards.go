package searchfront

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// dashboardsPath is that of OpenSearch Dashboards in a domain.
const dashboardsPath = "/_dashboards/"

const (
	objectsPath  = dashboardsPath + "api/saved_objects/"
	settingsPath = dashboardsPath + "api/opensearch-dashboards/settings"
	tenantHeader = "securitytenant"
	globalTenant = "global_tenant"
	privateName  = "__user__"
)

// objectTypes are those of saved objects that logs may be looked at with (gh:opensearch-project/OpenSearch-Dashboards, the
// plugins' saved_objects folders), each with the version that its objects are migrated to.
var objectTypes = map[string]string{
	"config": "7.9.0", "dashboard": "7.9.3", "index-pattern": "7.6.0", "query": "", "search": "7.9.3", "visualization": "7.10.0",
}

// objects are the saved objects of Dashboards.
type objects struct {
	mu sync.Mutex
	// stored is by tenant, type and ID.
	stored  map[[3]string]savedObject
	written int
}

// savedObject is one of Dashboards.
type savedObject struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	Namespaces []string        `json:"namespaces"`
	UpdatedAt  string          `json:"updated_at"`
	Version    string          `json:"version"`
	Attributes json.RawMessage `json:"attributes"`
	References []reference     `json:"references"`
	Migration  map[string]any  `json:"migrationVersion,omitempty"`
}

type reference struct {
	Name string `json:"name"`
	Type string `json:"type"`
	ID   string `json:"id"`
}

func newObjects() *objects { return &objects{stored: map[[3]string]savedObject{}} }

// dashboards answers a request to Dashboards' API for saved objects and settings:
// gh:opensearch-project/OpenSearch-Dashboards src/core/server, saved_objects/routes and ui_settings/routes.
func (f *Front) dashboards(r *http.Request) (reply, error) {
	writes := r.Method != http.MethodGet && r.Method != http.MethodHead
	if writes && r.Header.Get("osd-xsrf") == "" {
		return reply{}, dashboardsError(http.StatusBadRequest, "Request must contain the osd-xsrf header.")
	}
	tenant, err := f.tenant(r, writes)
	if err != nil {
		return reply{}, err
	}
	kind, id, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, objectsPath), "/")
	isObject := strings.HasPrefix(r.URL.Path, objectsPath) && id != "" && !strings.Contains(id, "/")
	switch key := [3]string{tenant, kind, id}; {
	case isObject && r.Method == http.MethodGet:
		return f.objects.get(key)
	case isObject && r.Method == http.MethodPost:
		return f.objects.create(r, key)
	case r.URL.Path == settingsPath && r.Method == http.MethodGet:
		return f.settings.get(tenant), nil
	case r.URL.Path == settingsPath && r.Method == http.MethodPost:
		return f.settings.change(r, tenant)
	}
	return reply{}, dashboardsError(http.StatusNotFound, "Not Found")
}

// tenant is the one whose objects a request is about: without a header for it, the one that all share. OpenSearch says who may
// read and write there (gh:opensearch-project/security-dashboards-plugin server/multitenancy/tenant_resolver.ts).
func (f *Front) tenant(r *http.Request, writes bool) (string, error) {
	who := callerOf(r.Context())
	tenant := r.Header.Get(tenantHeader)
	switch strings.ToLower(tenant) {
	case "", "global":
		tenant = globalTenant
	case privateName, "private":
		tenant = who.arn()
	}
	found, err := f.server.account(r.Context(), who)
	if err != nil {
		return "", err
	}
	mayWrite, mayRead := found.Tenants[tenant]
	if !mayRead || writes && !mayWrite {
		return "", dashboardsError(http.StatusForbidden, fmt.Sprintf("no permissions in the tenant %s and User [name=%s]", tenant, who.arn()))
	}
	return tenant, nil
}

func (o *objects) get(key [3]string) (reply, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	found, ok := o.stored[key]
	if !ok {
		return reply{}, dashboardsError(http.StatusNotFound, fmt.Sprintf("Saved object [%s/%s] not found", key[1], key[2]))
	}
	return reply{http.StatusOK, found}, nil
}

func (o *objects) create(r *http.Request, key [3]string) (reply, error) {
	created, err := parseObject(r.Body, key)
	if err != nil {
		return reply{}, err
	}
	overwrite := r.URL.Query().Get("overwrite")
	if !slices.Contains([]string{"", "true", "false"}, overwrite) {
		return reply{}, dashboardsError(http.StatusBadRequest,
			"[request query.overwrite]: expected value of type [boolean] but got [string]")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, exists := o.stored[key]; exists && overwrite != "true" {
		return reply{}, dashboardsError(http.StatusConflict, fmt.Sprintf("Saved object [%s/%s] conflict", key[1], key[2]))
	}
	o.written++
	created.Version = fmt.Sprintf("W%d,%d]", o.written, primaryTerm)
	created.UpdatedAt = time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	o.stored[key] = created
	return reply{http.StatusOK, created}, nil
}

// parseObject reads the body of a request that creates an object.
func parseObject(body io.Reader, key [3]string) (savedObject, error) {
	migrated, known := objectTypes[key[1]]
	if !known {
		return savedObject{}, dashboardsError(http.StatusBadRequest, fmt.Sprintf("Unsupported saved object type: '%s': Bad Request", key[1]))
	}
	var request struct {
		Attributes map[string]any `json:"attributes"`
		References []reference    `json:"references"`
		Migration  map[string]any `json:"migrationVersion"`
	}
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&request); err != nil {
		name, _ := strings.CutPrefix(err.Error(), "json: unknown field ")
		return savedObject{}, dashboardsError(http.StatusBadRequest,
			fmt.Sprintf("[request body.%s]: definition for this key is missing", strings.Trim(name, `"`)))
	}
	if request.Attributes == nil {
		return savedObject{}, dashboardsError(http.StatusBadRequest,
			"[request body.attributes]: expected value of type [object] but got [undefined]")
	}
	attributes, err := json.Marshal(request.Attributes)
	if err != nil {
		return savedObject{}, err
	}
	created := savedObject{
		ID: key[2], Type: key[1], Namespaces: []string{"default"}, Attributes: attributes,
		References: append([]reference{}, request.References...), Migration: request.Migration,
	}
	if created.Migration == nil && migrated != "" {
		created.Migration = map[string]any{key[1]: migrated}
	}
	return created, nil
}

// dashboardsError is a refusal in Dashboards' form.
func dashboardsError(status int, message string) refusal {
	return refusal{status, map[string]any{"statusCode": status, "error": http.StatusText(status), "message": message}}
}
