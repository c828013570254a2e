package search

import (
	"cmp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/internal/loggroup"
	"example.com/log-pipeline/internal/lambdacode"
	"example.com/log-pipeline/internal/searchindex"
)

const (
	// DefaultEngineVersion is the newest with which the documents of internal/searchindex were tried.
	DefaultEngineVersion = "OpenSearch_2.19"

	defaultInstanceType = "m7g.large.search"
	defaultVolumeGiB    = 100
	defaultMasters      = 3
)

// DefaultLogRetentionDays is a year.
const DefaultLogRetentionDays = loggroup.DefaultRetentionDays

// Domain says what the domain consists of. OpenSearch Service changes it while it goes on, mostly by a copy that takes its place
// (docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html).
type Domain struct {
	// EngineVersion is one of [EngineVersions]; default "OpenSearch_2.19". One that OpenSearch Service can upgrade to changes the
	// domain in place; any other replaces it, and its documents are gone.
	EngineVersion string
	// InstanceType is the type of the data nodes; default "m7g.large.search".
	InstanceType string
	// Instances is the number of data nodes, a multiple of Zones; default Zones.
	Instances int
	// Zones is how many availability zones they are spread over: 1 to 3, default 1.
	Zones int
	// VolumeGiB is the gp3 volume of each data node, from 10 up to what its type takes; default 100.
	VolumeGiB int
	// Masters are dedicated master nodes; nil, the default, leaves their work to the data nodes.
	Masters *Masters
}

// Masters are nodes that hold the state of the domain, and no documents.
type Masters struct {
	// InstanceType is their type; default "m7g.large.search".
	InstanceType string
	// Count is 3 or 5; 0, the default, is 3.
	Count int
}

// Index says how the documents lie in indices.
type Index struct {
	// Name begins the names of the indices, before "-" and the time: lower-case letters, digits, hyphens and underscores; default "logs".
	Name string
	// Rotation is how often the writer begins a new index: OneHour, OneDay, OneWeek or OneMonth; default "OneDay". The delivery
	// has to have the same.
	Rotation string
	// DaysKept is how many days a document is kept at least: from one rotation to 3650, default 30.
	DaysKept int
	// Shards are the primary shards of an index; default 1.
	Shards int
	// Replicas are the copies of each shard beside the primary: 0 to 4, default 0. Each needs an instance more.
	Replicas int
	// RefreshSeconds is the time after which what was written is found: 5 to 60, default 10.
	RefreshSeconds int
}

// Access says who may do what. A request has to pass IAM, and then fine-grained access control. Readers and admins are in the
// domain's access policy, and need no policy of their own unless they are of another account. All are in access control.
type Access struct {
	// WriterRoleARN is the IAM role that writes documents, Firehose's. It may do nothing else. Required.
	WriterRoleARN pulumi.StringInput
	// ReaderRoleARNs are the IAM roles that search, and see dashboards.
	ReaderRoleARNs []string
	// AdminRoleARNs are the IAM roles that may do anything, security included.
	AdminRoleARNs []string
	// Cognito signs people in to Dashboards; nil, the default, is without: requests are signed with the credentials of a role.
	Cognito *Cognito
}

// Cognito are pools of this account and region, which exist. The domain makes a client in the user pool, and enters it into the
// identity pool. The identity pool's role of those who are signed in has to be among the readers or the admins.
type Cognito struct {
	// UserPoolID is the user pool's id, such as eu-west-1_AbCdEfGhI. The pool needs a domain for its sign-in page. Required.
	UserPoolID string
	// IdentityPoolID is the identity pool's id, such as eu-west-1:0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f. Required.
	IdentityPoolID string
}

// Network is where the domain and the function are. Whether there is one is fixed once the domain exists: a change of that replaces
// the domain.
type Network struct {
	// Subnets are as many as Domain.Zones, each in a zone of its own, with three free addresses for each data node
	// (docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html#reserving-ip-vpc-endpoints).
	Subnets []Subnet
	// DomainSecurityGroupIDs are 1 to 5 security groups of the domain, which have to let in HTTPS from its clients.
	DomainSecurityGroupIDs []string
	// ClientSecurityGroupIDs are 1 to 5 security groups of the function, which have to let out HTTPS to the domain.
	ClientSecurityGroupIDs []string
}

// Subnet is a subnet of this account.
type Subnet struct {
	// ID is the subnet's id.
	ID string
	// Zone is its availability zone, such as eu-west-1a.
	Zone string
}

// Args are the settings of a search domain. AccountID, Region, KeyARN, Code, CodeSHA256 and Access.WriterRoleARN are required.
type Args struct {
	// AccountID is the account of the domain: 12 digits.
	AccountID string
	// Region is its region; the partition follows from it.
	Region string
	// KeyARN is the KMS key that encrypts the domain with its snapshots, and the function's environment. Its policy has to leave
	// permissions to the account's IAM. Another key replaces the domain.
	KeyARN pulumi.StringInput
	// LogKeyARN is the KMS key that encrypts what domain and function log; by default CloudWatch Logs encrypts it with a key of
	// its own. The key's policy has to let logs.<region>.amazonaws.com use it, as that of a lake does.
	LogKeyARN pulumi.StringInput

	// Code is the function's: the ZIP file that [FunctionSource] builds.
	Code pulumi.Archive
	// CodeSHA256 is its hash. Another one runs the function again.
	CodeSHA256 string
	// Architecture is that of the code, arm64 or x86_64; default "arm64".
	Architecture string

	// Domain says what the domain consists of.
	Domain Domain
	// Index says how the documents lie in indices.
	Index Index
	// Access says who may do what.
	Access Access
	// Network is where the domain and the function are in a VPC; nil, the default, is a public endpoint, with the access policy and
	// fine-grained access control before it.
	Network *Network

	// After has to be there before the access policy: the roles that it names, where the program makes them. OpenSearch Service
	// refuses a policy that names a role which does not exist.
	After []pulumi.Resource

	// LogRetentionDays is how long all logs are kept: one of [LogRetentionDays], default 365.
	LogRetentionDays int
	// Protect keeps the domain from being deleted or replaced, and retains it when it leaves the program, with its logs, its
	// policies and its roles.
	Protect bool
}

// resolve fills in the defaults, in a copy: the caller's args stay as they are. It may be called on nil.
func (a *Args) resolve() Args {
	var r Args
	if a != nil {
		r = *a
	}
	r.Architecture = cmp.Or(r.Architecture, lambdacode.ARM64)
	r.Domain = r.Domain.resolve()
	r.Index = r.Index.resolve()
	r.LogRetentionDays = cmp.Or(r.LogRetentionDays, DefaultLogRetentionDays)
	r.After = slices.Clone(r.After)
	return r
}

func (d Domain) resolve() Domain {
	d.EngineVersion = cmp.Or(d.EngineVersion, DefaultEngineVersion)
	d.InstanceType = cmp.Or(d.InstanceType, defaultInstanceType)
	d.Zones = cmp.Or(d.Zones, 1)
	d.Instances = cmp.Or(d.Instances, d.Zones)
	d.VolumeGiB = cmp.Or(d.VolumeGiB, defaultVolumeGiB)
	if d.Masters != nil {
		d.Masters = &Masters{
			InstanceType: cmp.Or(d.Masters.InstanceType, defaultInstanceType), Count: cmp.Or(d.Masters.Count, defaultMasters),
		}
	}
	return d
}

func (i Index) resolve() Index {
	s := i.settings().WithDefaults()
	return Index{Name: s.IndexName, Rotation: s.Rotation, DaysKept: s.DaysKept, Shards: s.Shards, Replicas: s.Replicas, RefreshSeconds: s.RefreshSeconds}
}

// settings are those of what is inside, but for the roles.
func (i Index) settings() searchindex.Settings {
	return searchindex.Settings{
		IndexName: i.Name, Rotation: i.Rotation, DaysKept: i.DaysKept, Shards: i.Shards, Replicas: i.Replicas, RefreshSeconds: i.RefreshSeconds,
	}
}

// settings are those of what is inside, for a writer. The roles are in order, so that another order is no difference.
func (a Args) settings(writerRoleARN string) searchindex.Settings {
	s := a.Index.settings()
	s.WriterRoleARN = writerRoleARN
	s.ReaderRoleARNs, s.AdminRoleARNs = inOrder(a.Access.ReaderRoleARNs), inOrder(a.Access.AdminRoleARNs)
	return s
}

func inOrder(arns []string) []string { return slices.Compact(slices.Sorted(slices.Values(arns))) }
