// Package lake builds where the data rests: one customer-managed KMS key and six S3 buckets.
//
//	raw         what Firehose writes: under logs/ records as they came, with tiers and expiry from Args.Raw, by default kept
//	            for ever; under errors/ what it could not process, kept 365 days, since its S3 destination has one bucket
//	            for both
//	warehouse   Iceberg tables; no rule touches a current object, since only Iceberg knows which files a table needs
//	failed      what deliveries to elsewhere than S3 (OpenSearch, say) could not deliver, for replay; kept 365 days
//	results     query results; kept 30 days
//	artifacts   scripts; kept for ever
//	access-logs who read and wrote the five others; kept 365 days
//
// Default settings, for every bucket: encryption with the lake's key and a bucket key (access-logs: SSE-S3, since S3
// cannot deliver its logs to a bucket with KMS encryption), versioning, all public access blocked, ACLs disabled, TLS
// only, access logging (not of access-logs: it would loop), unfinished uploads dropped after 7 days, old versions after
// 30. For the key: yearly rotation, 30 days between deletion and loss, a policy that hands it to the account's IAM, lets
// CloudWatch Logs encrypt this account's log groups, and names other accounts' producers only if Args.Producers does. The
// key is deleted only when the buckets are gone: one that is not empty stops a destroy, and stays readable.
//
// What it does not do: no replication, no object lock, no databases or tables, no roles. It grants nothing to other
// accounts but what Args.Producers says, and nothing to services but the two that need it.
package lake

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/iampolicy"
)

// Type is the component's type token.
const Type = "log-pipeline:lake:Lake"

var kind = component.Kind{Type: Type, Noun: "lake"}

// Bucket is what another component needs of a bucket. Its outputs wait until the bucket is encrypted, versioned, closed
// and TLS-only, so that whoever uses them never writes into a bucket that is not yet safe.
type Bucket struct {
	// Name is the bucket's generated name.
	Name pulumi.StringOutput `pulumi:"name"`
	// ARN is the bucket's ARN.
	ARN pulumi.StringOutput `pulumi:"arn"`
}

// Lake is the key and the buckets.
type Lake struct {
	pulumi.ResourceState

	// KeyARN is the ARN of the KMS key.
	KeyARN pulumi.StringOutput `pulumi:"keyArn"`

	// Raw holds records as they came, and what Firehose could not process.
	Raw Bucket `output:"raw"`
	// Warehouse holds Iceberg tables.
	Warehouse Bucket `output:"warehouse"`
	// Failed holds what deliveries to elsewhere than S3 could not deliver.
	Failed Bucket `output:"failed"`
	// Results holds query results.
	Results Bucket `output:"results"`
	// Artifacts holds scripts.
	Artifacts Bucket `output:"artifacts"`
	// AccessLogs holds S3's server access logs.
	AccessLogs Bucket `output:"accessLogs"`

	args  Args
	name  string
	place iampolicy.Place
	key   *kms.Key
}

// New makes the key and the buckets. It returns all faults of args in one error, and registers nothing then.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Lake, error) {
	l := &Lake{args: args.resolve(), name: name}
	return component.New(ctx, kind, name, l, args.Check(name), l.provision, opts...)
}

func (l *Lake) provision(ctx *pulumi.Context) (err error) {
	if l.place, err = iampolicy.NewPlace(l.args.AccountID, l.args.Region); err != nil {
		return err
	}
	if err := l.provisionKey(ctx); err != nil {
		return err
	}
	specs := l.bucketSpecs()
	buckets := make([]*hardening, len(specs))
	for i, spec := range specs {
		h, err := l.provisionBucket(ctx, spec)
		if err != nil {
			return err
		}
		buckets[i] = h
	}
	for _, h := range buckets {
		bucket, err := h.harden(buckets)
		if err != nil {
			return err
		}
		*h.spec.target = bucket
	}
	return nil
}

// bucketSpecs are the six buckets; access-logs comes first, since the others log to it.
func (l *Lake) bucketSpecs() []bucketSpec {
	return []bucketSpec{
		{target: &l.AccessLogs, role: accessLogsRole, isLog: true, current: everything(accessLogDays)},
		{target: &l.Raw, role: "raw", current: l.args.Raw.rules()},
		{target: &l.Warehouse, role: "warehouse"},
		{target: &l.Failed, role: "failed", current: everything(failedDays)},
		{target: &l.Results, role: "results", current: everything(resultDays)},
		{target: &l.Artifacts, role: "artifacts"},
	}
}
