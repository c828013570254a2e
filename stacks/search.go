package stacks

import (
	"cmp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/search"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/lambdacode"
	"example.com/log-pipeline/internal/searchindex"
	"example.com/log-pipeline/internal/settings"
)

// searchName is the component's logical name. A change renames every resource in it.
const searchName = "search"

// searchConfig is the search of the raw logs. It is off, since a domain costs by the hour. Choice is what the user has decided of
// its size, and Plan what follows from that and the load.
type searchConfig struct {
	Enabled                       bool
	EngineVersion, IndexName      string
	FunctionArchitecture          string
	ReaderRoleARNs, AdminRoleARNs []string
	LogRetentionDays              int
	// Cognito and Network are nil where they are not set.
	Cognito  *search.Cognito
	Network  *search.Network
	Delivery searchDeliveryConfig

	Choice capacity.SearchChoice
	Plan   capacity.SearchPlan
	// code is the function's, once it is built.
	code lambdacode.Code
}

func (c *searchConfig) declare(s *settings.Section) {
	settings.Boolean(s, &c.Enabled, "enabled", false, "Makes an OpenSearch domain, and delivers the stream to it too.")
	settings.Text(s, &c.EngineVersion, "engineVersion", search.DefaultEngineVersion, search.EngineVersions, "Version of OpenSearch.")
	settings.Text(s, &c.IndexName, "indexName", searchindex.DefaultIndexName, searchindex.IndexNames, "Begins the names of the indices, as in logs-2026-01-31.")
	settings.Object(s, "size", "The size of the domain; what is empty follows from the load.", c.declareSize)
	settings.Text(s, &c.Choice.Rotation, "rotation", searchindex.DefaultRotation, searchindex.Rotations, "How often Firehose begins an index.")
	settings.Integer(s, &c.Choice.DaysKept, "daysKept", searchindex.DefaultDaysKept, searchindex.DaysKept,
		"Days that a log is found. Then its index is deleted; the log stays in S3.")
	settings.Integer(s, &c.Choice.RefreshSeconds, "refreshSeconds", searchindex.DefaultRefreshSeconds, searchindex.RefreshSeconds,
		"Seconds until what is indexed is found.")
	settings.List(s, &c.ReaderRoleARNs, "readerRoleArns", iampolicy.RoleARN,
		"IAM roles that search the logs. The role for access.readerRoleArns is one of them anyway.")
	settings.List(s, &c.AdminRoleARNs, "adminRoleArns", iampolicy.RoleARN, "IAM roles that may do everything inside the domain.")
	settings.Optional(s, &c.Cognito, "cognito", "Lets people sign in to OpenSearch Dashboards by Amazon Cognito. Empty: requests signed by a role alone.",
		declareCognito)
	settings.Optional(s, &c.Network, "network", "The VPC of the domain. Empty: a public endpoint that takes signed requests of the roles that are named.",
		declareNetwork)
	settings.Object(s, "delivery", "The delivery to the domain.", c.Delivery.declare)
	settings.Text(s, &c.FunctionArchitecture, "functionArchitecture", lambdacode.ARM64, lambdacode.Architectures,
		"Architecture of the function that makes the inside of the domain.")
	settings.Integer(s, &c.LogRetentionDays, "logRetentionDays", search.DefaultLogRetentionDays, search.LogRetentionDays,
		"Days that CloudWatch Logs keeps the logs of domain, function and delivery.")
}

func (c *searchConfig) declareSize(s *settings.Section) {
	size := &c.Choice
	settings.Integer(s, &size.Zones, "zones", 0, capacity.SearchZones, "Availability zones of the data nodes. Empty: one for each subnet, or computed.")
	settings.Text(s, &size.InstanceType, "instanceType", "", capacity.SearchInstanceTypes, "Type of the data nodes. Empty: computed.")
	settings.Integer(s, &size.Instances, "instances", 0, capacity.SearchInstances, "Data nodes. Empty: computed.")
	settings.Integer(s, &size.VolumeGiB, "volumeGiB", 0, capacity.SearchVolumeGiB, "Volume of each data node. Empty: computed.")
	settings.OptionalInteger(s, &size.Masters, "masters", capacity.SearchMasters, "Dedicated masters. Empty: computed, none up to ten data nodes.")
	settings.Text(s, &size.MasterType, "masterInstanceType", "", capacity.SearchInstanceTypes, "Type of the dedicated masters. Empty: computed.")
	settings.Integer(s, &size.Shards, "shards", 0, searchindex.Shards, "Primary shards of an index. Empty: computed.")
	settings.OptionalInteger(s, &size.Replicas, "replicas", searchindex.Replicas, "Copies of each shard beside the primary. Empty: computed.")
	settings.Number(s, &size.IndexRatio, "indexRatio", capacity.DefaultIndexRatio, capacity.IndexRatio,
		"Bytes of an index on disk, without its copies, by the bytes of its records.")
	settings.Rate(s, &size.VCPURecordsPerSecond, "vcpuRecordsPerSecond", 0, capacity.SearchVCPURate,
		"Records a second that a vCPU indexes in one copy, as you measured it. Empty: a cautious guess.")
}

func declareCognito(c *search.Cognito, s *settings.Section) {
	settings.Text(s, &c.UserPoolID, "userPoolId", "", search.UserPoolIDs, "User pool, which is there already.").Required()
	settings.Text(s, &c.IdentityPoolID, "identityPoolId", "", search.IdentityPoolIDs,
		"Identity pool, which is there already. Its role of those who are signed in is among readerRoleArns or adminRoleArns.").Required()
}

func declareNetwork(n *search.Network, s *settings.Section) {
	settings.Objects(s, &n.Subnets, "subnets", "Subnets of the domain's nodes, one in each zone. Firehose and the function reach it from there.", declareSubnet).MaxItems(3)
	settings.List(s, &n.DomainSecurityGroupIDs, "domainSecurityGroupIds", search.SecurityGroupIDs,
		"Security groups of the domain, which let in TCP 443 from those of the clients and of whoever searches.")
	settings.List(s, &n.ClientSecurityGroupIDs, "clientSecurityGroupIds", search.SecurityGroupIDs,
		"Security groups of Firehose and the function, which let out TCP 443 to those of the domain.")
}

func declareSubnet(n *search.Subnet, s *settings.Section) {
	settings.Text(s, &n.ID, "id", "", search.SubnetIDs, "The subnet.").Required()
	settings.Text(s, &n.Zone, "zone", "", anyZone, "Its availability zone.").Required().Unique()
}

// searchSettings are all but the one that says whether there is a domain.
var searchSettings = fault.Path("search").Fields("engineVersion", "indexName", "size", "rotation", "daysKept", "refreshSeconds", "readerRoleArns",
	"adminRoleArns", "cognito", "network", "delivery", "functionArchitecture", "logRetentionDays")

// makesSearch says whether there is a domain.
func (c *Config) makesSearch() bool { return c.Search.Enabled && c.Accounts.makesData() }

func (c *Config) searchRules(reading *settings.Reading) fault.List {
	if !c.Search.Enabled {
		return noEffects(reading, searchSettings, "search.enabled")
	}
	return nil
}

// searchPlanSources are where the sizing model of the domain has its settings from.
var searchPlanSources = fault.Sources{
	"":                     fault.From("load"),
	"Burst":                fault.From("load.burstSeconds"),
	"SharedReaders":        fault.From("search.enabled"),
	"Zones":                fault.From("search.size.zones", "search.network.subnets"),
	"InstanceType":         fault.From("search.size.instanceType"),
	"Instances":            fault.From("search.size.instances"),
	"VolumeGiB":            fault.From("search.size.volumeGiB"),
	"Masters":              fault.From("search.size.masters"),
	"MasterType":           fault.From("search.size.masterInstanceType"),
	"Shards":               fault.From("search.size.shards"),
	"Replicas":             fault.From("search.size.replicas"),
	"IndexRatio":           fault.From("search.size.indexRatio"),
	"VCPURecordsPerSecond": fault.From("search.size.vcpuRecordsPerSecond"),
	"Rotation":             fault.From("search.rotation"),
	"DaysKept":             fault.From("search.daysKept"),
	"RefreshSeconds":       fault.From("search.refreshSeconds"),
	"BufferSeconds":        fault.From("search.delivery.bufferSeconds"),
	"BufferMiB":            fault.From("search.delivery.bufferMiB"),
}

// planSearch sizes the domain.
func (c *Config) planSearch(reading *settings.Reading) {
	if !c.makesSearch() {
		return
	}
	choice := c.Search.Choice
	choice.BufferSeconds, choice.BufferMiB = &c.Search.Delivery.BufferSeconds, c.Search.Delivery.BufferMiB
	choice.Zones = c.Search.zones()
	var refused fault.List
	c.Search.Plan, refused = capacity.ComputeSearch(c.Load, choice)
	reading.Report(refused.From(searchPlanSources)...)
	reading.Warn(c.Search.Plan.Warnings.From(searchPlanSources)...)
}

// zones are those of the data nodes where they are not computed: as chosen, or one for each subnet.
func (c *searchConfig) zones() int { return cmp.Or(c.Choice.Zones, len(c.Network.SubnetIDs())) }

// buildFunction builds what makes the inside of the domain, before anything is registered.
func (c *Config) buildFunction(ctx *pulumi.Context) (err error) {
	if c.makesSearch() {
		c.Search.code, err = search.FunctionSource(c.Search.FunctionArchitecture).Build(ctx.Context())
	}
	return err
}

// searchSources are where the args of the domain come from.
var searchSources = fault.Sources{
	"":                            fault.From("search"),
	"AccountID":                   fault.From("accounts.data.id"),
	"Region":                      fault.From("accounts.data.region"),
	"KeyARN":                      fault.Wired,
	"LogKeyARN":                   fault.Wired,
	"Code":                        fault.Wired,
	"Architecture":                fault.From("search.functionArchitecture"),
	"Domain":                      fault.From("search.size"),
	"Domain.EngineVersion":        fault.From("search.engineVersion"),
	"Domain.Masters.InstanceType": fault.From("search.size.masterInstanceType"),
	"Domain.Masters.Count":        fault.From("search.size.masters"),
	"Index":                       fault.From("search"),
	"Index.Shards":                fault.From("search.size.shards"),
	"Index.Replicas":              fault.From("search.size.replicas"),
	"CodeSHA256":                  fault.Wired,
	"Index.Name":                  fault.From("search.indexName"),
	"Access.WriterRoleARN":        fault.Wired,
	"Access.ReaderRoleARNs":       fault.From("search.readerRoleArns"),
	"Access.AdminRoleARNs":        fault.From("search.adminRoleArns"),
	"Access.Cognito":              fault.From("search.cognito"),
	"Network":                     fault.From("search.network"),
	// A list reads itself: where an element of it is at fault, it is not empty.
	"Network.DomainSecurityGroupIDs": fault.From("search.network.domainSecurityGroupIds", "search.network.domainSecurityGroupIds"),
	"Network.ClientSecurityGroupIDs": fault.From("search.network.clientSecurityGroupIds", "search.network.clientSecurityGroupIds"),
	"Network.Subnets":                fault.From("search.network.subnets", "search.size.zones"),
	"Protect":                        fault.From("protect"),
}

func (c *Config) checkSearch() fault.List {
	if !c.makesSearch() {
		return nil
	}
	return fault.Join(
		c.searchArgs(nil).Check(searchName).From(searchSources),
		c.searchDeliveryArgs(nil).Check(searchDeliveryName).From(searchDeliverySources),
	)
}

// searchArgs are what is made of the configuration, and of the data account's half where there is one yet.
func (c *Config) searchArgs(data *dataSide) *search.Args {
	plan := c.Search.Plan
	args := &search.Args{
		AccountID:    c.Accounts.Data.ID,
		Region:       c.Accounts.Data.Region,
		Architecture: c.Search.FunctionArchitecture,
		Domain: search.Domain{
			EngineVersion: c.Search.EngineVersion, InstanceType: plan.InstanceType, Instances: plan.Instances, Zones: cmp.Or(plan.Zones, c.Search.zones()), VolumeGiB: plan.VolumeGiB,
		},
		Index: search.Index{
			Name: c.Search.IndexName, Rotation: plan.Rotation, DaysKept: plan.DaysKept, Shards: plan.Shards, Replicas: plan.Replicas,
			RefreshSeconds: plan.RefreshSeconds,
		},
		Access:           search.Access{ReaderRoleARNs: c.searchReaders(), AdminRoleARNs: c.Search.AdminRoleARNs, Cognito: c.Search.Cognito},
		Network:          c.Search.Network,
		LogRetentionDays: c.Search.LogRetentionDays,
		Protect:          c.Protect,
	}
	if plan.Masters > 0 {
		args.Domain.Masters = &search.Masters{InstanceType: plan.MasterType, Count: plan.Masters}
	}
	if data != nil {
		args.Code, args.CodeSHA256 = pulumi.NewFileArchive(c.Search.code.Path), c.Search.code.SHA256
		args.KeyARN, args.LogKeyARN = data.store.KeyARN, data.store.KeyARN
		args.Access.WriterRoleARN = data.searchWriter.RoleARN
		args.After = data.reader.Ready()
	}
	return args
}

// searchReaders are the roles that search: those that are named, and the reader role where there is one.
func (c *Config) searchReaders() []string {
	readers := c.Search.ReaderRoleARNs
	if len(c.Access.ReaderRoleARNs) == 0 {
		return readers
	}
	return append(slices.Clone(readers), roleARNIn(c.Accounts.Data, c.Access.ReaderRoleName))
}
