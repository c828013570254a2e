package delivery

import (
	"cmp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/internal/network"
	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
	"example.com/log-pipeline/internal/searchindex"
)

// What is kept in S3 of what goes to OpenSearch.
const (
	// BackupFailed keeps the documents that OpenSearch did not take.
	BackupFailed = "failed"
	// BackupAll keeps every document.
	BackupAll = "all"
)

const (
	// DefaultSearchRetrySeconds is Firehose's own.
	DefaultSearchRetrySeconds = 300
	// DefaultBackupPrefix begins the keys of what is kept in S3.
	DefaultBackupPrefix = "search/"

	// maxSubnets: docs.aws.amazon.com/firehose/latest/APIReference/API_VpcConfiguration.html, which has 5 security groups too.
	maxSubnets = 16
)

// defaultSearchBuffer has a record in OpenSearch a minute after it was sent.
var defaultSearchBuffer = Buffer{SizeMiB: capacity.DefaultSearchBufferMiB, IntervalSeconds: capacity.DefaultSearchBufferSeconds}

// What settings of a delivery to OpenSearch take, where it is not said by the packages capacity and searchindex.
var (
	// SearchRetrySeconds is for how long a refused document is sent again; 0 is never
	// (docs.aws.amazon.com/firehose/latest/APIReference/API_AmazonopensearchserviceRetryOptions.html).
	SearchRetrySeconds = fault.Between(0, 7200)
	// BackupModes is for what is kept in S3.
	BackupModes = fault.OneOf(BackupFailed, BackupAll)
)

// SearchRole is the role of a [Writer].
type SearchRole struct {
	// Name and ARN are the role's. Both are required.
	Name, ARN pulumi.StringInput
}

// Backup is what is kept in S3 of what goes to OpenSearch.
type Backup struct {
	// Mode is "failed", the default, for the documents that OpenSearch did not take, or "all" for every document. It is fixed
	// once the delivery stream exists: another replaces it.
	Mode string
	// BucketName is the S3 bucket. Required.
	BucketName pulumi.StringInput
	// KeyARN is the KMS key that encrypts objects. Required.
	KeyARN pulumi.StringInput
	// Prefix begins the keys: path segments, each with its slash; default "search/".
	Prefix string
}

func (b Backup) objects() objects {
	return objects{bucketName: b.BucketName, keyARN: b.KeyARN, prefixes: []string{b.Prefix}}
}

// Network is where Firehose has its interfaces, for a domain in a VPC. It is fixed once the delivery stream exists: another
// replaces it.
type Network struct {
	// SubnetIDs are 1 to 16 subnets of this account with a way to the domain. Firehose has up to three interfaces in each.
	SubnetIDs []string
	// SecurityGroupIDs are 1 to 5 security groups, which have to let HTTPS out to the domain.
	SecurityGroupIDs []string
}

func (n *Network) check(path fault.Path) fault.List {
	if n == nil {
		return nil
	}
	return fault.Join(
		network.CheckIDs(path.Field("SubnetIDs"), n.SubnetIDs, network.SubnetID, maxSubnets),
		network.CheckIDs(path.Field("SecurityGroupIDs"), n.SecurityGroupIDs, network.SecurityGroupID, network.MaxSecurityGroups),
	)
}

// SearchArgs are the settings of a delivery to OpenSearch. AccountID, Region, Source.StreamARN, Role, DomainARN,
// Backup.BucketName and Backup.KeyARN are required.
type SearchArgs struct {
	// AccountID is the account of the stream, the domain and the bucket: 12 digits.
	AccountID string
	// Region is the region of all three; the partition follows from it.
	Region string

	// Source is where records come from: JSON, each in a line of its own.
	Source Source
	// Role is what Firehose takes on. It gets all its permissions here.
	Role SearchRole
	// DomainARN is the OpenSearch domain.
	DomainARN pulumi.StringInput
	// IndexName begins the names of the indices: lower-case letters, digits, underscores and hyphens; default "logs".
	IndexName string
	// Rotation is when the next index begins, OneHour, OneDay, OneWeek or OneMonth, by the time of arrival in UTC; default
	// "OneDay", with indices such as logs-2026-01-31.
	Rotation string
	// Buffer says when documents are sent; by default at 5 MiB or after 60 seconds.
	Buffer *Buffer
	// RetrySeconds is how long documents are sent again that OpenSearch did not take, 0 to 7,200; default 300. After it they go
	// to the backup.
	RetrySeconds *int
	// Backup is what is kept in S3.
	Backup Backup
	// Network is for a domain in a VPC, and nil for one with a public endpoint.
	Network *Network

	// LogRetentionDays is how long delivery errors are kept: one of [LogRetentionDays], default 365.
	LogRetentionDays int
	// LogKeyARN is the KMS key that encrypts them, as that of [S3Args] does.
	LogKeyARN pulumi.StringInput
	// After is what has to be there before the first document: the index template, and the writer's role mapped to a role of
	// the domain.
	After []pulumi.Resource

	// Protect keeps the delivery stream from being deleted or replaced, and retains it when it leaves the program, with the
	// policy and the log that it cannot do without. The role is the writer's affair.
	Protect bool
}

// resolve fills in the defaults, in a copy: the caller's args stay as they are. It may be called on nil.
func (a *SearchArgs) resolve() SearchArgs {
	var r SearchArgs
	if a != nil {
		r = *a
	}
	buffer, retry := defaultSearchBuffer, DefaultSearchRetrySeconds
	if r.Buffer != nil {
		buffer = *r.Buffer
	}
	if r.RetrySeconds != nil {
		retry = *r.RetrySeconds
	}
	r.Buffer, r.RetrySeconds = &buffer, &retry
	if r.Source.KeyARN == nil {
		r.Source.KeyARN = r.Backup.KeyARN
	}
	r.IndexName = cmp.Or(r.IndexName, searchindex.DefaultIndexName)
	r.Rotation = cmp.Or(r.Rotation, searchindex.DefaultRotation)
	r.Backup.Mode = cmp.Or(r.Backup.Mode, BackupFailed)
	r.Backup.Prefix = cmp.Or(r.Backup.Prefix, DefaultBackupPrefix)
	r.LogRetentionDays = cmp.Or(r.LogRetentionDays, DefaultLogRetentionDays)
	if r.Network != nil {
		r.Network = &Network{SubnetIDs: slices.Clone(r.Network.SubnetIDs), SecurityGroupIDs: slices.Clone(r.Network.SecurityGroupIDs)}
	}
	r.After = slices.Clone(r.After)
	return r
}

// Check is what is wrong with the settings of a delivery of that name. It may be called on nil.
func (a *SearchArgs) Check(name string) fault.List {
	r := a.resolve()
	return fault.Join(
		naming.FirehoseStream.CheckAutoNamed("name", name+"-to-opensearch"),
		fault.Required("AccountID", r.AccountID, iampolicy.AccountID),
		fault.Required("Region", r.Region, iampolicy.Region),
		r.Source.check("Source"),
		fault.NotSet("Role.Name", r.Role.Name != nil, "the name of an IAM role"),
		fault.NotSet("Role.ARN", r.Role.ARN != nil, "the ARN of the same role"),
		fault.NotSet("DomainARN", r.DomainARN != nil, "the ARN of an OpenSearch domain"),
		searchindex.IndexNames.Check("IndexName", r.IndexName),
		searchindex.Rotations.Check("Rotation", r.Rotation),
		capacity.SearchBufferMiB.Check("Buffer.SizeMiB", r.Buffer.SizeMiB),
		capacity.SearchBufferSeconds.Check("Buffer.IntervalSeconds", r.Buffer.IntervalSeconds),
		SearchRetrySeconds.Check("RetrySeconds", *r.RetrySeconds),
		BackupModes.Check("Backup.Mode", r.Backup.Mode),
		r.Backup.objects().check("Backup"),
		objectkey.Prefix.Check("Backup.Prefix", r.Backup.Prefix),
		r.Network.check("Network"),
		LogRetentionDays.Check("LogRetentionDays", r.LogRetentionDays),
	)
}
