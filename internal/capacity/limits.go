package capacity

// Limits of Kinesis Data Streams: docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const (
	shardWriteBytesPerSecond   = 1_000_000
	shardWriteRecordsPerSecond = 1_000
	shardReadBytesPerSecond    = 2_000_000

	// MaxRecordBytes is the largest record with its partition key: the default of a stream, and what the Fluentd plugin
	// can send. It drops anything larger (github.com/awslabs/aws-fluent-plugin-kinesis, kinesis_helper/api.rb).
	MaxRecordBytes = 1 << 20

	// MaxSharedReaders is how many consumers a shard can have that call GetRecords once a second, as Firehose does: a
	// shard takes 5 such calls a second (docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html).
	MaxSharedReaders = 5
)

// Limits of the on-demand mode: docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html. They are given in MB/s
// and in thousands of records/s alike, so one number in shards' worth of writes says both.
const (
	// A new stream takes 4 MB/s or 4,000 records/s.
	onDemandFirstWrites = 4
	// A stream takes twice the highest rate of the last 30 days; what grows faster within 15 minutes is throttled.
	onDemandGrowth = 2
	// Shared readers get at least twice the write throughput, 8 MB/s at first.
	onDemandReadsPerWrite = 2
)

// Default quotas, which a support request raises: docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const (
	onDemandQuotaLarge = 10_000 // 10 GB/s
	onDemandQuota      = 200    // 200 MB/s
	shardQuotaLarge    = 20_000
	shardQuota         = 1_000 // some regions have 6,000; which ones AWS does not say
)

// largeQuotaRegions are N. Virginia, Oregon and Ireland, which the same page singles out for both quotas.
var largeQuotaRegions = map[string]bool{"us-east-1": true, "us-west-2": true, "eu-west-1": true}

// Limits of Firehose's buffer to S3: docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html
const (
	// MinBufferMiB is the smallest buffer size.
	MinBufferMiB = 1
	// MaxBufferMiB is the largest buffer size, and the default.
	MaxBufferMiB = 128
	// MaxBufferSeconds is the longest buffer interval.
	MaxBufferSeconds = 900
)

// DefaultCompressionRatio is uncompressed by compressed size of log lines in GZIP. AWS's own example is 128 MB of them in
// an object of 10 MB (repost.aws/knowledge-center/kinesis-small-files-s3); measure your own.
const DefaultCompressionRatio = 10.0

// minComputedBufferSeconds is where the search for a buffer interval starts: a minute is as fresh as the pipeline's
// metrics are, and shorter intervals only make more objects.
const minComputedBufferSeconds = 60

const (
	bytesPerMB    = 1_000_000
	bytesPerMiB   = 1 << 20
	bytesPerGiB   = 1 << 30
	secondsPerDay = 86_400

	// rounding is the share of a number that floating point may be off: 11,000.000000000002 records/s are 11 shards.
	rounding = 1e-9
)

func onDemandWriteQuota(region string) float64 {
	if largeQuotaRegions[region] {
		return onDemandQuotaLarge
	}
	return onDemandQuota
}

func defaultShardQuota(region string) int {
	if largeQuotaRegions[region] {
		return shardQuotaLarge
	}
	return shardQuota
}
