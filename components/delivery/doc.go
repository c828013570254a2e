// Package delivery takes records from the stream to where they rest: Firehose delivery streams with a role, a log group
// and a table of their own.
//
// [NewS3] writes them to the raw bucket: few, large objects of GZIP JSON lines under
// logs/dt=2026-01-31/hour=07/, and a Glue table over them, with partition projection, so that Athena reads them at once
// and no crawler runs. [NewSearch] writes them to the indices of an OpenSearch domain, and what the domain does not take to a
// bucket. [NewWriter] makes the role for that, which the domain has to know first.
//
// Default settings to S3: objects of 128 MiB before compression or every 300 seconds, whichever is first; a database of its
// own; a table raw_logs with the columns of Kubernetes logs and Istio's access logs; records as they came, by no key; a role with
// the permissions that docs.aws.amazon.com/firehose/latest/dev/controlling-access.html names, but for one stream, one key and two
// prefixes of one bucket.
//
// Default settings to OpenSearch: indices logs-2026-01-31, one a day (UTC); documents sent at 5 MiB or every 60 seconds, and again
// for 300 seconds where they are refused; what is refused still goes to the bucket under
// search/AmazonOpenSearchService-failed/dt=2026-01-31/, in objects of GZIP JSON lines with the record in rawData (base64) and
// OpenSearch's words, at 128 MiB or every 300 seconds; with "all" every record goes there too, under search/2026/01/31/07/. Each
// document has an id that Firehose makes of its record, so that Firehose's own retries write it once; it takes no field as the id,
// which is for the domain's ingest pipeline to do.
//
// Default settings of both: delivery errors logged for 365 days, encrypted with a key of CloudWatch Logs unless LogKeyARN names one.
//
// A delivery stream reads from the moment it exists (LATEST): make it before there are producers. Its name, its source
// and the kind of its destination cannot be changed in place, nor can a backup's mode, the network of OpenSearch, and whether
// records are partitioned: see [Fixed]. A replacement leaves a gap, which is what Protect is against. Buffers, prefixes, logging,
// processing and format can.
//
// When a delivery stream is created, Firehose tries out what its role may do, and IAM takes some seconds to say so everywhere. So
// the role's policy is there first, and the provider asks again for a while where Firehose cannot take on the role, finds it not
// authorized, is denied Glue's table, or misses the permissions in the VPC or on the domain
// (gh:hashicorp/terraform-provider-aws, internal/service/firehose, retryDeliveryStreamOp). It does not ask again where the domain
// itself refuses: SearchArgs.After is for what makes it accept.
//
// Parquet ([FormatParquet]) is smaller and read faster, and has only what has a column: every other field is lost, and so are a
// record's own bytes. A record with a value that its column cannot hold is not in the table at all: it goes under the error prefix
// (format-conversion-failed), and where even that write fails delivery stands still. Whatever reads the records themselves, as a
// batch that counts them again or a replay, needs JSON. [Partitioning] moves the objects to another path: logs/namespace=shop/dt=
// and so on, which whoever reads by the path has to know.
//
// What it does not do: no transformation, no alarms, no index template and no deletion of indices. It has no server-side encryption
// of its own, which is for direct puts only: the stream's covers the records on their way (CKV_AWS_240 and 241 do not apply).
//
// Records that cannot be processed go to the error prefix of the same bucket, outside the table: Firehose has one bucket
// per S3 destination, for both (the backup bucket takes a copy of every record, not of the failed). What Firehose cannot
// write to S3 at all it retries for 24 hours and then drops, for which the stream's retention has to be longer.
package delivery
