package searchindex

import (
	"cmp"

	"example.com/log-pipeline/internal/fault"
)

// How often Firehose begins a new index, in its own words
// (docs.aws.amazon.com/firehose/latest/APIReference/API_AmazonopensearchserviceDestinationConfiguration.html).
const (
	OneHour  = "OneHour"
	OneDay   = "OneDay"
	OneWeek  = "OneWeek"
	OneMonth = "OneMonth"
)

// The defaults of [Settings].
const (
	DefaultIndexName      = "logs"
	DefaultRotation       = OneDay
	DefaultDaysKept       = 30
	DefaultShards         = 1
	DefaultReplicas       = 1
	DefaultRefreshSeconds = 10
)

// OldestEngine is the oldest version of Amazon OpenSearch Service that takes the documents: the first with the processor copy
// (docs.opensearch.org/2.12/ingest-pipelines/processors/copy).
const OldestEngine = "OpenSearch_2.13"

// What the settings take.
var (
	// IndexNames is for what the names of indices begin with. OpenSearch takes no upper case and no leading "_" or "-"
	// (docs.opensearch.org/latest/api-reference/index-apis/create-index), Firehose 80 characters.
	IndexNames = indexNames()
	// Rotations is for how often Firehose begins a new index. NoRotation is left out: nothing would ever be deleted.
	Rotations = fault.OneOf(OneHour, OneDay, OneWeek, OneMonth)
	// DaysKept is for how long documents are kept, whatever the rotation: up to ten years. [Settings.Check] asks for one rotation at least.
	DaysKept = fault.Between(1, 3650)
	// Shards is for the primary shards of an index: up to OpenSearch's own ceiling, which protects the cluster's state
	// (docs.opensearch.org/latest/install-and-configure/configuring-opensearch/index-settings, index.number_of_shards).
	Shards = fault.Between(1, 1024)
	// Replicas is for the copies of each shard. More than four are beyond what three zones need: a slip of the hand.
	Replicas = fault.Between(0, 4)
	// RefreshSeconds is for the time after which what was written is found.
	RefreshSeconds = fault.Between(5, 60)
)

// Settings say what is inside a domain. As JSON they are the input of the function that makes it.
type Settings struct {
	// IndexName begins the names of the indices, before "-" and the time; default "logs".
	IndexName string `json:"indexName"`
	// Rotation is how often Firehose begins a new index: one of [Rotations], default [OneDay].
	Rotation string `json:"rotation"`
	// DaysKept is how many days a document is kept at least: from one rotation to 3650, default 30. Its index goes one rotation later.
	DaysKept int `json:"daysKept"`
	// Shards are the primary shards of each new index; default 1.
	Shards int `json:"shards"`
	// Replicas are the copies of each shard, of indices that exist too. There is no default, since 0 is one of them: see [DefaultReplicas].
	Replicas int `json:"replicas"`
	// RefreshSeconds is the time after which what was written is found: 5 to 60, default 10.
	RefreshSeconds int `json:"refreshSeconds"`

	// WriterRoleARN is the IAM role that writes documents: Firehose's. Required.
	WriterRoleARN string `json:"writerRoleArn"`
	// ReaderRoleARNs are the IAM roles that search, and see dashboards.
	ReaderRoleARNs []string `json:"readerRoleArns"`
	// AdminRoleARNs are the IAM roles that may do anything, security included.
	AdminRoleARNs []string `json:"adminRoleArns"`
}

// WithDefaults is the settings with what is not set filled in.
func (s Settings) WithDefaults() Settings {
	s.IndexName = cmp.Or(s.IndexName, DefaultIndexName)
	s.Rotation = cmp.Or(s.Rotation, DefaultRotation)
	s.DaysKept = cmp.Or(s.DaysKept, DefaultDaysKept)
	s.Shards = cmp.Or(s.Shards, DefaultShards)
	s.RefreshSeconds = cmp.Or(s.RefreshSeconds, DefaultRefreshSeconds)
	return s
}

// Check is what is wrong with the settings, as fields of the object at path. It leaves the roles alone: the writer's is known
// only once it is made.
func (s Settings) Check(path fault.Path) fault.List {
	daysKept, rotation := path.Field("DaysKept"), path.Field("Rotation")
	return fault.Join(
		IndexNames.Check(path.Field("IndexName"), s.IndexName),
		Rotations.Check(rotation, s.Rotation),
		DaysKept.Check(daysKept, s.DaysKept),
		checkRetention(daysKept, rotation, s),
		Shards.Check(path.Field("Shards"), s.Shards),
		Replicas.Check(path.Field("Replicas"), s.Replicas),
		RefreshSeconds.Check(path.Field("RefreshSeconds"), s.RefreshSeconds),
	)
}

// Pattern matches the indices, and no others of the domain.
func (s Settings) Pattern() string { return s.IndexName + "-*" }
