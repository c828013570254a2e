package stacks

import (
	"cmp"
	"slices"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/settings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// writerName and readerName are the components' logical names. A change renames every resource in them.
const (
	writerName = "writer"
	readerName = "reader"
)

// accessConfig is who may assume which role in the data account. The roles' names follow from Config.NamePrefix.
type accessConfig struct {
	WriterRoleName, WriterRoleARN, WriterExternalID string
	ReaderRoleName, ReaderExternalID                string
	// ProducerRoleARNs are other roles than those of the clusters.
	ProducerRoleARNs, ReaderRoleARNs []string
	FailedBucketName, S3BucketName   string
}

func (c *accessConfig) declare(s *settings.Section) {
	settings.Text(s, &c.WriterExternalID, "writerExternalId", "", iampolicy.ExternalID,
		"External id with which the clusters' Fluentd assumes the writer role; not a secret, as the clusters hold it in clear. Required where the "+
			"accounts differ.")
	settings.Text(s, &c.WriterRoleARN, "writerRoleArn", "", iampolicy.RoleARN,
		"The data account's writer role, only with side service. Empty: the name that this program gives it.")
	settings.Text(s, &c.FailedBucketName, "failedBucketName", "", naming.ExistingS3Bucket,
		"The data account's bucket for what Fluentd cannot deliver; only with side service, and required there.")
	settings.Text(s, &c.S3BucketName, "s3BucketName", "", naming.ExistingS3Bucket,
		"The data account's bucket for the output s3; only with side service, and required there with that output. Otherwise it is the raw bucket.")
	settings.List(s, &c.ProducerRoleARNs, "producerRoleArns", iampolicy.RoleARN, "Other roles that may assume the writer role, besides those of the clusters.")
	settings.List(s, &c.ReaderRoleARNs, "readerRoleArns", iampolicy.RoleARN,
		"Roles that may assume a role in the data account that reads raw objects and their table. Empty: no such role.")
	settings.Text(s, &c.ReaderExternalID, "readerExternalId", "", iampolicy.ExternalID, "External id of the readers. Required where they are of another account.")
}

func (c *Config) completeAccess() {
	a := &c.Access
	a.WriterRoleName = naming.IAMRole.Of(c.NamePrefix + "-writer")
	a.ReaderRoleName = naming.IAMRole.Of(c.NamePrefix + "-reader")
	a.WriterRoleARN = cmp.Or(a.WriterRoleARN, roleARNIn(c.Accounts.Data, a.WriterRoleName))
}

// roleARNIn is the ARN of a role of an account, and nothing where the account is at fault.
func roleARNIn(account Account, name string) string {
	place, err := iampolicy.NewPlace(account.ID, account.Region)
	if err != nil {
		return ""
	}
	return place.IAMARN("role/" + name)
}

// producers are the roles that may assume the writer role: those of the clusters, and others that were named.
func (c *Config) producers() []string {
	var arns []string
	for _, cluster := range c.Clusters {
		arns = append(arns, roleARNIn(c.Accounts.service(), cluster.RoleName))
	}
	for _, arn := range c.Access.ProducerRoleARNs {
		if !slices.Contains(arns, arn) {
			arns = append(arns, arn)
		}
	}
	return arns
}

// onlyReadBy are the settings that one account's half alone reads.
var onlyReadBy = map[Side][]fault.Path{
	sideData: append([]fault.Path{
		"accounts.data.roleArn", "dataExternalId", "stream.retentionHours", "stream.fanOutConsumers", "stream.producerAccountIds",
		"access.producerRoleArns", "access.readerRoleArns", "access.readerExternalId", "delivery.appendDelimiter",
		"delivery.logRetentionDays", "forceDestroy",
		"warehouse.snapshotDays", "warehouse.orphanDays", "warehouse.grantToIam", "warehouse.encryptCatalog", "metrics.enabled", "batch.enabled", "dashboard.enabled",
		"search.enabled",
	}, slices.Concat(metricsSettings, batchSettings, querySettings, dashboardSettings, searchSettings)...),
	sideService: {"kubeconfig", "accounts.service.roleArn", "serviceExternalId"},
}

// accessRules find what the halves of the pipeline lack, and what nobody reads.
func (c *Config) accessRules(reading *settings.Reading) fault.List {
	const side = fault.Path("accounts.side")
	found := fault.Join(
		c.handedRules(reading),
		roleRules(c.Accounts.Data, "accounts.data", "access.writerRoleArn", c.Access.WriterRoleARN),
		c.nobodyRules(reading),
	)
	for only, paths := range onlyReadBy {
		if c.Accounts.Service == nil || c.Accounts.Side == sideBoth || c.Accounts.Side == only {
			continue
		}
		for _, path := range paths {
			found = append(found, fault.When(reading.IsSet(path), fault.Fault{
				Path: path, Problem: fault.Problemf("has no effect unless %s is both or "+string(only), side), Reads: []fault.Path{side, path},
			})...)
		}
	}
	return found
}

// handedRules are about what the other half would have told: it is needed where that is made elsewhere, and there alone.
func (c *Config) handedRules(reading *settings.Reading) fault.List {
	const side, outputs, direct = fault.Path("accounts.side"), fault.Path("logging.outputs"), fault.Path("access.s3BucketName")
	var found fault.List
	if c.Accounts.makesData() {
		for _, path := range []fault.Path{"access.writerRoleArn", "access.failedBucketName", direct} {
			found = append(found, fault.When(reading.IsSet(path), fault.Fault{
				Path: path, Problem: fault.Problemf("has no effect unless %s is service: what this program makes is used", side), Reads: []fault.Path{side},
			})...)
		}
		return found
	}
	needed := func(path fault.Path, reads ...fault.Path) fault.List {
		return fault.When(!reading.IsSet(path), fault.Fault{
			Path: path, Problem: fault.Problemf("not set, but needed with %s service: the data account's half is made elsewhere", side),
			Reads: append(reads, side),
		})
	}
	found = needed("access.failedBucketName")
	if c.Logging.to(logging.ToS3) {
		return append(found, needed(direct, outputs)...)
	}
	return append(found, noEffect(reading, direct, "without the output s3 in %s", outputs)...)
}

// nobodyRules refuse roles that nobody assumes, and external ids that nobody gives.
func (c *Config) nobodyRules(reading *settings.Reading) fault.List {
	const side, clusters, producers = fault.Path("accounts.side"), fault.Path("clusters"), fault.Path("access.producerRoleArns")
	var found fault.List
	if len(c.Clusters) == 0 {
		found = fault.Join(
			fault.When(c.Accounts.Side == sideService, fault.Fault{
				Path: clusters, Problem: fault.Problemf("not set, but there is nothing to make without any with %s service", side),
				Reads: []fault.Path{side},
			}),
			fault.When(c.Accounts.Side == sideData && c.Accounts.Service != nil && len(c.Access.ProducerRoleARNs) == 0, fault.Fault{
				Path: producers, Problem: fault.Problemf("not set, but with %s data nobody could write: set it, or %s", side, clusters),
				Reads: []fault.Path{side, clusters, producers},
			}),
		)
	}
	if len(c.producers()) == 0 {
		found = append(found, noEffect(reading, "access.writerExternalId", "without %s and %s: nobody gives it", clusters, producers)...)
	}
	if len(c.Access.ReaderRoleARNs) == 0 {
		found = append(found, noEffect(reading, "access.readerExternalId", "without %s: nobody gives it", "access.readerRoleArns")...)
	}
	return found
}

// writerSources are where the args of the writer role come from.
func (c *Config) writerSources() fault.Sources {
	const producers, externalID = fault.Path("access.producerRoleArns"), fault.Path("access.writerExternalId")
	reads := append(c.clusterNames(), "namePrefix")
	reads = append(reads, c.Accounts.servicePlace()...)
	return trustSources("Producers", fault.From(producers, reads...), fault.From(externalID, append(reads, producers)...))
}

// readerSources are where the args of the reader role come from.
func readerSources() fault.Sources {
	const readers, externalID = fault.Path("access.readerRoleArns"), fault.Path("access.readerExternalId")
	return trustSources("Readers", fault.From(readers), fault.From(externalID, readers))
}

// trustSources are those of a role in the data account that trusts others.
func trustSources(trusted fault.Path, roles, externalID fault.Source) fault.Sources {
	sources := fault.Sources{
		"AccountID": fault.From("accounts.data.id"), "Region": fault.From("accounts.data.region"), "RoleName": fault.From("namePrefix"),
		trusted: roles, "ExternalID": externalID, "DeliveryStreamARN": fault.From("logging.firehoseName"),
	}
	for _, wired := range []fault.Path{"StreamARN", "KeyARN", "Objects", "Stream", "Raw"} {
		sources[wired] = fault.Wired
	}
	return sources
}

func (c *Config) checkAccess() fault.List {
	var found fault.List
	if len(c.producers()) > 0 {
		found = c.writerArgs(nil, nil).Check(writerName).From(c.writerSources())
	}
	if len(c.Access.ReaderRoleARNs) > 0 {
		found = append(found, c.readerArgs(nil, nil).Check(readerName).From(readerSources())...)
	}
	return found
}

// writerArgs are what is made of the configuration, and of lake and stream where there are any yet.
func (c *Config) writerArgs(store *lake.Lake, logs *stream.Stream) *access.WriterArgs {
	args := &access.WriterArgs{
		AccountID:  c.Accounts.Data.ID,
		Region:     c.Accounts.Data.Region,
		RoleName:   c.Access.WriterRoleName,
		Producers:  c.producers(),
		ExternalID: c.Access.WriterExternalID,
	}
	if place, err := iampolicy.NewPlace(args.AccountID, args.Region); err == nil && c.Logging.FirehoseName != "" {
		args.DeliveryStreamARN = pulumi.String(place.ARN("firehose", "deliverystream/"+c.Logging.FirehoseName))
	}
	if store == nil || logs == nil {
		return args
	}
	args.StreamARN, args.KeyARN = logs.ARN, store.KeyARN
	args.Objects = []access.ObjectTarget{{BucketName: store.Failed.Name, Prefix: failedPrefix, KeyARN: store.KeyARN}}
	if c.Logging.to(logging.ToS3) {
		args.Objects = append(args.Objects, access.ObjectTarget{BucketName: store.Raw.Name, Prefix: directPrefix, KeyARN: store.KeyARN})
	}
	return args
}

// readerArgs are what is made of the configuration, and of lake and delivery where there are any yet.
func (c *Config) readerArgs(store *lake.Lake, raw *delivery.S3) *access.ReaderArgs {
	args := &access.ReaderArgs{
		AccountID:  c.Accounts.Data.ID,
		Region:     c.Accounts.Data.Region,
		RoleName:   c.Access.ReaderRoleName,
		Readers:    c.Access.ReaderRoleARNs,
		ExternalID: c.Access.ReaderExternalID,
	}
	if store != nil && raw != nil {
		args.Raw = &access.ObjectSource{
			BucketName:   store.Raw.Name,
			Prefix:       recordPrefix,
			KeyARN:       store.KeyARN,
			DatabaseName: raw.DatabaseName,
			TableName:    raw.TableName,
		}
	}
	return args
}
