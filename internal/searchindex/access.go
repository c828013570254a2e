package searchindex

// part is what somebody does with the logs. There is a role for each.
type part string

const (
	writer part = "writer"
	reader part = "reader"
	admin  part = "admin"
)

// permissions of a role, as the security plugin takes them
// (docs.opensearch.org/latest/security/access-control/api, "Create role").
type permissions struct {
	Description string              `json:"description"`
	Cluster     []string            `json:"cluster_permissions"`
	Indices     []indexPermissions  `json:"index_permissions"`
	Tenants     []tenantPermissions `json:"tenant_permissions"`
}

type indexPermissions struct {
	Patterns []string `json:"index_patterns"`
	// Fields and Masked are empty: whoever reads a document reads all of it.
	Fields  []string `json:"fls"`
	Masked  []string `json:"masked_fields"`
	Actions []string `json:"allowed_actions"`
}

type tenantPermissions struct {
	Patterns []string `json:"tenant_patterns"`
	Actions  []string `json:"allowed_actions"`
}

func (s Settings) roleName(of part) string { return s.IndexName + "_" + string(of) }

const securityAPI = "/_plugins/_security/api/"

// role says what a part may do.
func (s Settings) role(of part) Document {
	may := map[part]func() permissions{writer: s.writing, reader: s.reading, admin: s.administering}[of]()
	name := s.roleName(of)
	return Document{Kind: Role, Name: name, Method: "PUT", Path: securityAPI + "roles/" + name, Body: body(may)}
}

// writing is to index, in bulk, into log indices, which are made on the way; and to look how the cluster and these indices are,
// as Firehose does (docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es, the paths of its ESHttpGet). The
// pipeline runs inside the bulk request. No document is read or deleted (one with the same id is
// written over), and no setting changed.
func (s Settings) writing() permissions {
	return permissions{
		Description: "Writes log indices, for Firehose",
		Cluster:     []string{"indices:data/write/bulk", "cluster_monitor"},
		Indices: []indexPermissions{s.ofLogs(
			"indices:admin/create", "indices:data/write/bulk*", "indices:data/write/index",
			"indices:admin/get", "indices:admin/mappings/get", "indices_monitor",
		)},
		Tenants: []tenantPermissions{},
	}
}

// reading is to search logs, and to work with Dashboards as its own role kibana_user does, with the difference that what all
// share is only read (gh:opensearch-project/security src/main/resources/static_config/static_roles.yml).
func (s Settings) reading() permissions {
	return permissions{
		Description: "Searches log indices, and sees what is shared in Dashboards",
		Cluster:     []string{"cluster_composite_ops"},
		Indices: []indexPermissions{
			s.ofLogs("read", "indices:admin/get", "indices:admin/mappings/get"),
			onIndices(
				[]string{".kibana", ".kibana_*", ".opensearch_dashboards", ".opensearch_dashboards_*"},
				"read", "delete", "manage", "index",
			),
		},
		Tenants: []tenantPermissions{{Patterns: []string{"global_tenant"}, Actions: []string{"kibana_all_read"}}},
	}
}

// administering is all that can be done with log indices. All else comes of all_access and security_manager.
func (s Settings) administering() permissions {
	return permissions{
		Description: "Does all with log indices; who has this role has been given all_access and security_manager too",
		Cluster:     []string{},
		Indices:     []indexPermissions{s.ofLogs("indices_all")},
		Tenants:     []tenantPermissions{},
	}
}

func (s Settings) ofLogs(actions ...string) indexPermissions {
	return onIndices([]string{s.Pattern()}, actions...)
}

func onIndices(patterns []string, actions ...string) indexPermissions {
	return indexPermissions{Patterns: patterns, Fields: []string{}, Masked: []string{}, Actions: actions}
}

// mapping gives a part's role to IAM roles, and takes it from all others.
func (s Settings) mapping(of part, roleARNs ...string) Document {
	name := s.roleName(of)
	return Document{
		Kind: Mapping, Name: name, Method: "PUT", Path: mappingPath(name),
		Body: body(values{"backend_roles": listed(roleARNs), "and_backend_roles": []string{}, "hosts": []string{}, "users": []string{}}),
	}
}

// members gives a role that others have too to the admins. Who was an admin before is in the mapping at [Settings.FormerAdminsPath].
func (s Settings) members(role string) Document {
	return Document{
		Kind: Members, Name: role, Method: "PUT", Path: mappingPath(role),
		Body: body(values{"backend_roles": listed(s.AdminRoleARNs)}),
	}
}

// FormerAdminsPath shows the mapping that holds the admins of the last run.
func (s Settings) FormerAdminsPath() string { return mappingPath(s.roleName(admin)) }

func mappingPath(role string) string { return securityAPI + "rolesmapping/" + role }

// listed is a list that is [] in JSON where it is empty.
func listed(texts []string) []string { return append([]string{}, texts...) }
