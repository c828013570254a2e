package delivery

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

const (
	// partitionedBy and errorsBy are the rest of the prefixes, in Firehose's own expressions. A prefix with expressions
	// needs an error prefix with the error's type (docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html).
	partitionedBy = "dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/"
	errorsBy      = "!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/"

	defaultTableName = "raw_logs"

	// minLargeBufferMiB is for Parquet and for partitioning.
	minLargeBufferMiB = 64
)

// defaultBuffer makes objects as large as Firehose can, without anybody waiting more than five minutes.
var defaultBuffer = Buffer{SizeMiB: capacity.MaxBufferMiB, IntervalSeconds: 300}

var expiryDays = fault.Passing("0 (never) or more", func(days int) bool { return days >= 0 })

// Destination is where records go.
type Destination struct {
	// BucketName is the S3 bucket. Required.
	BucketName pulumi.StringInput
	// KeyARN is the KMS key that encrypts objects. Required. Its policy has to leave permissions to the account's IAM, as
	// that of most keys does.
	KeyARN pulumi.StringInput
	// Prefix begins the keys of objects, before dt= and hour=: path segments, each with its slash; default "logs/". A lake's
	// RawLifecycle.Prefix has to be the same.
	Prefix string
	// ErrorPrefix begins the keys of objects of failed records; default "errors/". Neither may lie in the other. A lake's
	// RawLifecycle.ErrorPrefix has to be the same.
	ErrorPrefix string
}

func (d Destination) objects() objects {
	return objects{bucketName: d.BucketName, keyARN: d.KeyARN, prefixes: []string{d.Prefix, d.ErrorPrefix}}
}

// Buffer says when an object is written, or documents are sent: at the size or after the time, whichever comes first.
type Buffer struct {
	// SizeMiB is 1 to 128 for S3, before compression: a tenth of it, or so, is what log lines become. It is 1 to 100 for OpenSearch.
	SizeMiB int
	// IntervalSeconds is 0 to 900.
	IntervalSeconds int
}

// Column is a column of a Glue table.
type Column struct {
	// Name is the name: lower-case letters, digits and underscores.
	Name string
	// Key is the key in the JSON record where that is another, such as userId; default Name. Keys are compared letter by
	// letter, upper and lower case apart; those of a struct's fields have to be as the type says.
	Key string
	// Type is a Hive type: string, int, bigint, struct<a:string>, ...
	Type string
	// Comment says what it holds.
	Comment string
}

// Table is the Glue table over the delivered objects.
type Table struct {
	// DatabaseName is an existing Glue database; by default one is made.
	DatabaseName pulumi.StringInput
	// NewDatabaseName is the name of the database that is made: lower-case letters, digits and underscores; default
	// <project>_<stack>_<name of the delivery>, fitted into the rules of Glue. Another name replaces database and table, so
	// that one that is given outlasts a rename of the stack.
	NewDatabaseName string
	// TableName is the table's name: lower-case letters, digits and underscores; default "raw_logs".
	TableName string
	// Columns are the columns; by default those of [DefaultColumns]. Fields without a column stay readable in S3.
	Columns []Column
	// ObjectExpiryDays is when the bucket deletes objects: the table looks no further back. 0, the default, is never,
	// and the table then looks back ten years.
	ObjectExpiryDays int
}

// S3Args are the settings of a delivery to S3. AccountID, Region, Source.StreamARN, Destination.BucketName and
// Destination.KeyARN are required.
type S3Args struct {
	// AccountID is the account of the stream and the bucket: 12 digits.
	AccountID string
	// Region is the region of both; the partition follows from it.
	Region string

	// Source is where records come from.
	Source Source
	// Destination is where records go.
	Destination Destination
	// Table is the Glue table over them.
	Table Table
	// Format is how records lie in S3: "json", the default, or "parquet". Parquet has what has a column, and no more: whatever reads
	// the records themselves needs JSON. A change on a live delivery is made in place, and the table then cannot read what is under
	// the prefix already: give it another prefix too.
	Format string
	// Partitioning delivers records by a key of their own; by default there is none.
	Partitioning *Partitioning
	// Buffer says when an object is written; by default at 128 MiB or after 300 seconds. Parquet and partitioning take 64 MiB at
	// least, and partitioning no interval of 0.
	Buffer *Buffer
	// AppendDelimiter ends each record with a newline. Fluentd's formatter does already: then leave it off, or lines of
	// nothing lie between the records. Parquet has no use for it.
	AppendDelimiter bool
	// LogRetentionDays is how long delivery errors are kept: one of [LogRetentionDays], default 365.
	LogRetentionDays int
	// LogKeyARN is the KMS key that encrypts them; by default CloudWatch Logs encrypts them with a key of its own. The key's
	// own policy has to let logs.<region>.amazonaws.com use it, as that of a lake does and that of most keys does not:
	// CloudWatch Logs refuses the log group otherwise
	// (docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html).
	LogKeyARN pulumi.StringInput

	// Protect keeps the delivery stream, the table and a database that it made from being deleted or replaced, and retains
	// them when they leave the program, with the role and the log that the delivery stream cannot do without.
	Protect bool
}

// resolve fills in the defaults, in a copy: the caller's args stay as they are. It may be called on nil.
func (a *S3Args) resolve() S3Args {
	var r S3Args
	if a != nil {
		r = *a
	}
	buffer := defaultBuffer
	if r.Buffer != nil {
		buffer = *r.Buffer
	}
	r.Buffer = &buffer
	if r.Source.KeyARN == nil {
		r.Source.KeyARN = r.Destination.KeyARN
	}
	r.Destination.Prefix = cmp.Or(r.Destination.Prefix, objectkey.DefaultPrefix)
	r.Destination.ErrorPrefix = cmp.Or(r.Destination.ErrorPrefix, objectkey.DefaultErrorPrefix)
	r.Format = cmp.Or(r.Format, FormatJSON)
	if r.Partitioning != nil {
		partitioning := *r.Partitioning
		partitioning.Values = slices.Clone(partitioning.Values)
		r.Partitioning = &partitioning
	}
	r.Table.TableName = cmp.Or(r.Table.TableName, defaultTableName)
	r.LogRetentionDays = cmp.Or(r.LogRetentionDays, DefaultLogRetentionDays)
	if r.Table.Columns == nil {
		r.Table.Columns = DefaultColumns()
	}
	r.Table.Columns = slices.Clone(r.Table.Columns)
	return r
}

// Check is what is wrong with the settings of a delivery of that name. It may be called on nil.
func (a *S3Args) Check(name string) fault.List {
	r := a.resolve()
	return fault.Join(
		naming.FirehoseStream.CheckAutoNamed("name", name+"-to-s3"),
		fault.Required("AccountID", r.AccountID, iampolicy.AccountID),
		fault.Required("Region", r.Region, iampolicy.Region),
		r.Source.check("Source"),
		r.Destination.objects().check("Destination"),
		objectkey.Check(
			objectkey.Field{Path: "Destination.Prefix", Prefix: r.Destination.Prefix},
			objectkey.Field{Path: "Destination.ErrorPrefix", Prefix: r.Destination.ErrorPrefix},
		),
		r.Table.check("Table"),
		Formats.Check("Format", r.Format),
		r.checkParquet("Format"),
		r.Partitioning.check("Partitioning", r.Table.Columns),
		capacity.BufferMiB.Check("Buffer.SizeMiB", r.Buffer.SizeMiB),
		capacity.BufferSeconds.Check("Buffer.IntervalSeconds", r.Buffer.IntervalSeconds),
		r.checkBuffer(),
		LogRetentionDays.Check("LogRetentionDays", r.LogRetentionDays),
	)
}

// checkParquet is what Parquet does not take.
func (a *S3Args) checkParquet(format fault.Path) fault.List {
	if a.Format != FormatParquet {
		return nil
	}
	var faults fault.List
	for i, c := range a.Table.Columns {
		faults = append(faults, fault.When(c.Type != "", convertible.Check(fault.Path("Table.Columns").Index(i).Field("Type"), c.Type)...)...)
	}
	return append(faults, fault.When(a.AppendDelimiter, fault.Fault{
		Path: "AppendDelimiter", Given: true, Problem: fault.Problemf("has no effect, as %s is %s", format, FormatParquet), Reads: []fault.Path{format},
	})...)
}

// checkBuffer is what only some buffers take (docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html,
// docs.aws.amazon.com/firehose/latest/dev/buffering.html).
func (a *S3Args) checkBuffer() fault.List {
	const size, interval, partitioning fault.Path = "Buffer.SizeMiB", "Buffer.IntervalSeconds", "Partitioning"
	asking := partitioning
	if a.Format == FormatParquet {
		asking = "Format"
	}
	asked := a.Format == FormatParquet || a.Partitioning != nil
	small := capacity.BufferMiB.Takes(a.Buffer.SizeMiB) && a.Buffer.SizeMiB < minLargeBufferMiB
	return fault.Join(
		fault.When(asked && small, fault.Fault{
			Path: size, Given: a.Buffer.SizeMiB, Problem: fault.Problemf("too small for %s", asking), Nearest: strconv.Itoa(minLargeBufferMiB),
			Allowed: fault.Between(minLargeBufferMiB, capacity.MaxBufferMiB).Allowed,
		}),
		fault.When(a.Partitioning != nil && a.Buffer.IntervalSeconds == 0, fault.Fault{
			Path: interval, Given: 0, Problem: fault.Problemf("not allowed with %s", partitioning), Nearest: "60",
			Allowed: fault.Between(1, capacity.MaxBufferSeconds).Allowed,
		}),
	)
}

func (t Table) check(path fault.Path) fault.List {
	given, made := path.Field("DatabaseName"), path.Field("NewDatabaseName")
	faults := fault.Join(
		fault.When(t.NewDatabaseName != "", naming.Glue.Check(made, t.NewDatabaseName)...),
		fault.When(t.NewDatabaseName != "" && t.DatabaseName != nil, fault.Fault{
			Path: made, Given: t.NewDatabaseName, Problem: fault.Problemf("no database is made, as %s is set", given), Reads: []fault.Path{given},
		}),
		naming.Glue.Check(path.Field("TableName"), t.TableName),
		expiryDays.Check(path.Field("ObjectExpiryDays"), t.ObjectExpiryDays),
		fault.When(len(t.Columns) == 0, fault.Fault{
			Path: path.Field("Columns"), Problem: fault.Problemf("empty"), Allowed: "at least one, or nil for the default",
		}),
	)
	seen := map[string]bool{partitionDate: true, partitionHour: true}
	for i, c := range t.Columns {
		column := path.Field("Columns").Index(i)
		faults = append(faults, fault.Join(
			fault.Required(column.Field("Name"), c.Name, naming.Glue.Rule),
			fault.NotSet(column.Field("Type"), c.Type != "", "a Hive type such as string"),
			fault.When(seen[c.Name], fault.Fault{
				Path: column.Field("Name"), Given: c.Name, Problem: fault.Problemf("given twice, or a partition"), Allowed: "different names",
			}),
		)...)
		seen[c.Name] = c.Name != ""
	}
	return faults
}
