package stacks

import (
	"cmp"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/settings"
)

// Side is the accounts whose half of the pipeline is made.
type Side string

// The halves of a pipeline over two accounts.
const (
	sideBoth    Side = "both"
	sideData    Side = "data"
	sideService Side = "service"
)

// Accounts are the AWS accounts.
type Accounts struct {
	// Data is the account of the pipeline itself.
	Data Account
	// Service is the account in which the clusters run; nil where the data account serves both.
	Service *Account
	// Side is both, data or service. Default: both.
	Side Side

	serviceExternalID string
}

// Account is an AWS account, and how to get into it.
type Account struct {
	// ID is the 12-digit account id. The provider refuses credentials of any other account.
	ID string
	// Region is the AWS region of everything that is built there.
	Region string
	// RoleARN is the IAM role to assume there; empty where the ambient credentials are the account's own.
	RoleARN string
	// ExternalID goes with RoleARN; empty where the role asks for none. It is a secret.
	ExternalID string
}

func (a *Accounts) declare(s *settings.Section) {
	settings.Object(s, "data", "The account of the pipeline.", func(s *settings.Section) {
		a.Data.declare(s, "Region of its resources.").Required()
	})
	settings.Optional(s, &a.Service, "service", "The account in which the clusters run. Empty: the data account serves both.",
		func(service *Account, s *settings.Section) {
			service.declare(s, "Region of its clusters. Empty: that of the data account.")
		})
	settings.Text(s, &a.Side, "side", sideBoth, fault.OneOf(sideBoth, sideData, sideService),
		"The accounts whose half is made. With one alone, the output counterpart says what the other must do.")
}

// declare returns the setting of the region, which not every account has to have.
func (a *Account) declare(s *settings.Section, aboutRegion string) *settings.Field {
	settings.Text(s, &a.ID, "id", "", iampolicy.AccountID, "Its id; credentials of any other account are refused.").Required()
	region := settings.Text(s, &a.Region, "region", "", iampolicy.Region, aboutRegion)
	settings.Text(s, &a.RoleARN, "roleArn", "", iampolicy.RoleARN, "Role to assume there. Empty: the ambient credentials are that account's own.")
	return region
}

func (a *Accounts) complete() {
	if a.Service != nil {
		a.Service.Region = cmp.Or(a.Service.Region, a.Data.Region)
		a.Service.ExternalID = a.serviceExternalID
	}
}

// makesData says whether the data account's half is made.
func (a Accounts) makesData() bool { return a.Side != sideService }

// makesService says whether the service account's half is made.
func (a Accounts) makesService() bool { return a.Side != sideData }

// service is the account of the clusters.
func (a Accounts) service() Account {
	if a.Service == nil {
		return a.Data
	}
	return *a.Service
}

// dataPlace is what ARNs in the data account are made of.
var dataPlace = []fault.Path{"accounts.data.id", "accounts.data.region"}

// servicePlace is what ARNs in the account of the clusters are made of.
func (a Accounts) servicePlace() []fault.Path {
	if a.Service == nil {
		return dataPlace
	}
	return []fault.Path{"accounts.service.id", "accounts.service.region", "accounts.data.region"}
}

func (c *Config) accountRules(reading *settings.Reading) fault.List {
	a := c.Accounts
	found := fault.Join(
		externalIDRules(reading, "dataExternalId", "accounts.data.roleArn"),
		roleRules(a.Data, "accounts.data", "accounts.data.roleArn", a.Data.RoleARN),
		c.sideRules(),
	)
	if a.Service == nil {
		return append(found, noEffect(reading, "serviceExternalId", "without %s", "accounts.service")...)
	}
	return fault.Join(found,
		externalIDRules(reading, "serviceExternalId", "accounts.service.roleArn"),
		roleRules(*a.Service, "accounts.service", "accounts.service.roleArn", a.Service.RoleARN),
		a.partitionRules(), a.credentialRules(c.EmulatorEndpoint),
	)
}

func externalIDRules(reading *settings.Reading, externalID, role fault.Path) fault.List {
	return fault.When(reading.IsSet(externalID) && !reading.IsSet(role), fault.Fault{
		Path: externalID, Problem: fault.Problemf("needs %s, which is not set", role), Reads: []fault.Path{role},
	})
}

// accountWarnings are for external ids in clear.
func (c *Config) accountWarnings(source settings.Source, reading *settings.Reading) fault.List {
	var found fault.List
	for _, key := range []fault.Path{"dataExternalId", "serviceExternalId"} {
		found = append(found, fault.When(reading.IsSet(key) && !source.Secret[source.Project+":"+string(key)], fault.Fault{
			Path: key, Problem: fault.Problemf("not encrypted: set it with pulumi config set --secret"),
		})...)
	}
	return found
}

// roleRules refuse a role that is not in its account, or not in the partition of its region.
func roleRules(a Account, account, path fault.Path, role string) fault.List {
	arn, err := iampolicy.ParseRoleARN(role)
	if err != nil {
		return nil
	}
	id, region := account.Field("id"), account.Field("region")
	partition, regionErr := iampolicy.PartitionOf(a.Region)
	return fault.Join(
		fault.When(regionErr == nil && arn.Partition != partition.ID, fault.Fault{
			Path: path, Reads: []fault.Path{region, "accounts.data.region"},
			Problem: fault.Problemf("the role is in the partition %s, and the region %s in %s", arn.Partition, a.Region, partition.ID),
		}),
		fault.When(arn.AccountID != a.ID, fault.Fault{
			Path: path, Reads: []fault.Path{id}, Problem: fault.Problemf("the role is not in the account %s of %s", a.ID, id),
		}),
	)
}

// partitionRules refuse accounts that no role leads between
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html#arns-syntax), and one account twice.
func (a Accounts) partitionRules() fault.List {
	data, dataErr := iampolicy.PartitionOf(a.Data.Region)
	other, otherErr := iampolicy.PartitionOf(a.Service.Region)
	const region, service = fault.Path("accounts.data.region"), fault.Path("accounts.service.region")
	return fault.Join(
		fault.When(dataErr == nil && otherErr == nil && data.ID != other.ID, fault.Fault{
			Path: service, Reads: []fault.Path{region},
			Problem: fault.Problemf("in the partition %s, and %s in %s: no role can be assumed from one in the other", other.ID, region, data.ID),
		}),
		fault.When(a.Service.ID == a.Data.ID && a.Service.Region == a.Data.Region, fault.Fault{
			Path: "accounts.service.id", Reads: append(a.servicePlace(), dataPlace...),
			Problem: fault.Problemf("the same account and region as the data account: leave %s out, and that one serves both", fault.Path("accounts.service")),
		}),
	)
}

// credentialRules refuse two accounts that are entered with one set of credentials: the provider of the account that these
// are not of would refuse them, after the other's half was made.
func (a Accounts) credentialRules(emulator string) fault.List {
	const data, service = fault.Path("accounts.data.roleArn"), fault.Path("accounts.service.roleArn")
	one := a.Side == sideBoth && emulator == "" && a.Data.RoleARN == "" && a.Service.RoleARN == "" && a.Data.ID != a.Service.ID
	return fault.When(one, fault.Fault{
		Path: service, Problem: fault.Problemf("not set, and %s neither: one set of credentials is in one account", data),
		// An external id that lacks its role says so.
		Reads: []fault.Path{data, "accounts.side", "emulatorEndpoint", "dataExternalId", "serviceExternalId", "accounts.data.id", "accounts.service.id"},
	})
}

// sideRules refuse a half that cannot be made alone.
func (c *Config) sideRules() fault.List {
	return fault.When(c.Accounts.Side != sideBoth && c.Accounts.Service == nil, fault.Fault{
		Path: "accounts.side", Reads: []fault.Path{"accounts.service"},
		Problem: fault.Problemf("needs %s, which is not set: one account has no sides", fault.Path("accounts.service")),
	})
}

// noEffect refuses a setting that nobody reads, for the reason given, unless something in it is at fault.
func noEffect(reading *settings.Reading, path fault.Path, format string, reads ...fault.Path) fault.List {
	args := make([]any, len(reads))
	for i, read := range reads {
		args[i] = read
	}
	return fault.When(reading.IsSet(path), fault.Fault{Path: path, Problem: fault.Problemf("has no effect "+format, args...), Reads: append(reads, path)})
}

// noEffects are settings that nobody reads unless another is true.
func noEffects(reading *settings.Reading, paths []fault.Path, unless fault.Path) fault.List {
	var found fault.List
	for _, path := range paths {
		found = append(found, noEffect(reading, path, "unless %s is true", unless)...)
	}
	return found
}
