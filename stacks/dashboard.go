package stacks

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/dashboard"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/settings"
)

// dashboardName is the component's logical name. A change renames every resource in it.
const dashboardName = "dashboard"

// dashboardConfig is what people look at. It is off unless the account has QuickSight.
type dashboardConfig struct {
	Enabled                   bool
	Title, ImportMode         string
	Metrics, ServiceRoleNames []string
	Access                    dashboard.Access
	Refresh                   dashboard.Refresh
}

func (c *dashboardConfig) declare(s *settings.Section) {
	settings.Boolean(s, &c.Enabled, "enabled", false, "Makes a dashboard of the metrics in QuickSight, which the account has to be signed up for.")
	settings.List(s, &c.Access.Owners, "owners", dashboard.GroupName, "QuickSight groups that own it. They are there already. Required with enabled.")
	settings.List(s, &c.Access.Readers, "readers", dashboard.GroupName, "QuickSight groups that look at it. They are there already.")
	settings.Text(s, &c.Access.Namespace, "namespace", dashboard.DefaultNamespace, dashboard.Namespace, "QuickSight namespace of the groups.")
	settings.Text(s, &c.Access.IdentityRegion, "identityRegion", "", iampolicy.Region,
		"Region where QuickSight keeps the account's groups. Empty: that of the data account.")
	settings.List(s, &c.ServiceRoleNames, "serviceRoleNames", dashboard.ServiceRole,
		"Roles that QuickSight reads as, which get the policy that reading needs. Empty: the output quickSightPolicy is to be attached to them.")
	settings.Text(s, &c.Title, "title", dashboard.DefaultTitle, dashboard.Title, "Name of the dashboard, and of the folder with it.")
	settings.List(s, &c.Metrics, "metrics", anyMetric, "Metrics and ratios that it shows, in this order. Empty: all of the spec.")
	settings.Text(s, &c.ImportMode, "importMode", string(dashboard.DirectQuery), dashboard.ImportModes,
		"DIRECT_QUERY asks Athena at each look. SPICE keeps a copy in QuickSight, as old as its last refresh.")
	settings.Integer(s, &c.Refresh.Minutes, "refreshMinutes", 0, dashboard.RefreshMinutes, "How often SPICE is refreshed. Empty: every 60 minutes.")
	settings.Integer(s, &c.Refresh.LookbackHours, "lookbackHours", 0, dashboard.LookbackHours,
		"Hours of rows that a refresh of SPICE takes anew. Empty: 72.")
}

// dashboardSettings are all but the one that says whether there is a dashboard.
var dashboardSettings = fault.Path("dashboard").Fields("owners", "readers", "namespace", "identityRegion", "serviceRoleNames", "title", "metrics",
	"importMode", "refreshMinutes", "lookbackHours")

// makesDashboard says whether there is a dashboard.
func (c *Config) makesDashboard() bool { return c.Dashboard.Enabled && c.makesMetrics() }

func (c *Config) dashboardRules(reading *settings.Reading) fault.List {
	switch {
	case !c.Metrics.Enabled:
		return noEffects(reading, append(dashboardSettings, "dashboard.enabled"), "metrics.enabled")
	case !c.Dashboard.Enabled:
		return noEffects(reading, dashboardSettings, "dashboard.enabled")
	}
	return nil
}

// dashboardSources are where the dashboard's args come from.
var dashboardSources = fault.Sources{
	"":                    fault.From("dashboard"),
	"AccountID":           fault.From("accounts.data.id"),
	"Region":              fault.From("accounts.data.region"),
	"KeyARN":              fault.Wired,
	"Spec":                fault.From("metrics.specFile"),
	"WorkGroupName":       fault.Wired,
	"DatabaseName":        fault.Wired,
	"WarehouseBucketName": fault.Wired,
	"ResultsBucketName":   fault.Wired,
	"ArtifactsBucketName": fault.Wired,
	"Title":               fault.From("dashboard.title"),
	"Metrics":             fault.From("dashboard.metrics", "metrics.specFile"),
	// Where an element is at fault there are no owners to read.
	"Access.Owners":         fault.From("dashboard.owners", "dashboard.owners"),
	"Access.Readers":        fault.From("dashboard.readers"),
	"Access.Namespace":      fault.From("dashboard.namespace"),
	"Access.IdentityRegion": fault.From("dashboard.identityRegion"),
	"ServiceRoleNames":      fault.From("dashboard.serviceRoleNames"),
	"ImportMode":            fault.From("dashboard.importMode"),
	"Refresh":               fault.From("dashboard.refreshMinutes", "dashboard.lookbackHours"),
	"Refresh.Minutes":       fault.From("dashboard.refreshMinutes"),
	"Refresh.LookbackHours": fault.From("dashboard.lookbackHours"),
	"IDPrefix":              fault.From("namePrefix"),
	"Protect":               fault.From("protect"),
}

func (c *Config) checkDashboard() fault.List {
	if !c.makesDashboard() || c.Metrics.Spec == nil {
		return nil
	}
	return c.dashboardArgs(nil).Check(dashboardName).From(dashboardSources)
}

// identities is the data account in the region where QuickSight keeps its groups.
func (c *Config) identities() Account {
	account := c.Accounts.Data
	if c.makesDashboard() {
		account.Region = cmp.Or(c.Dashboard.Access.IdentityRegion, account.Region)
	}
	return account
}

// missingGroups are the faults of groups that QuickSight does not have. It asks QuickSight, as nothing else of the configuration's
// checks does, in the region that has the account's groups.
func (c *Config) missingGroups(ctx *pulumi.Context, providers *Providers) error {
	if !c.makesDashboard() {
		return nil
	}
	missing, err := dashboard.LookupGroups(ctx, c.dashboardArgs(nil), pulumi.Provider(providers.Identities))
	if err != nil {
		return err
	}
	return refuse(ctx, missing.From(dashboardSources))
}

// dashboardArgs are what is made of the configuration, and of the data account's half where there is one yet.
func (c *Config) dashboardArgs(data *dataSide) *dashboard.Args {
	args := &dashboard.Args{
		AccountID:        c.Accounts.Data.ID,
		Region:           c.Accounts.Data.Region,
		Spec:             c.Metrics.Spec,
		Metrics:          c.Dashboard.Metrics,
		Title:            c.Dashboard.Title,
		Access:           c.Dashboard.Access,
		ServiceRoleNames: c.Dashboard.ServiceRoleNames,
		ImportMode:       dashboard.ImportMode(c.Dashboard.ImportMode),
		Refresh:          c.Dashboard.Refresh,
		IDPrefix:         naming.QuickSight.Of(c.NamePrefix + "-" + dashboardName),
		Protect:          c.Protect,
	}
	if data != nil {
		args.KeyARN, args.ArtifactsBucketName = data.store.KeyARN, data.store.Artifacts.Name
		args.WarehouseBucketName, args.ResultsBucketName = data.store.Warehouse.Name, data.store.Results.Name
		args.WorkGroupName, args.DatabaseName = data.query.WorkGroupName, data.tables.DatabaseName
		args.After = data.query.Ready()
	}
	return args
}
