package capacity

import "example.com/log-pipeline/internal/fault"

// Limits and habits of the batch.
const (
	// executorVCPUs is what each of its executors has: EMR Serverless' own default
	// (docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-spark.html). A vCPU is taken to carry what it does in the streaming
	// job: of the batch one idle core was measured to carry 18,600 records/s, from GZIP to MERGE (Spark 4.1.1, local[1], a million).
	executorVCPUs = 4

	// maxExecutors is how many a run may have: 100 of four vCPUs are an hour of 4 million records a second.
	maxExecutors = 100
	// batchTargetSeconds is how long a run takes that is computed.
	batchTargetSeconds = 3600

	// retriedHours is how much longer than events are waited for a run looks back: Firehose retries an object of S3 for 24 hours
	// (docs.aws.amazon.com/firehose/latest/dev/retry.html), the key has the hour of its oldest record, and a buffer lasts 15 minutes.
	retriedHours = 26

	// DefaultLatenessHours is several times the outages that the first mile is planned for. Each hour more is read again by every
	// run, for each day that it counts.
	DefaultLatenessHours = 6
	// DefaultBatchRuns is twice a day.
	DefaultBatchRuns = 2

	// chunkHours is how much the batch counts at once (ranges.py of components/metrics/spark), and aheadHours how much before and
	// after that it reads for events whose clock is ahead and for the hours that are cut.
	chunkHours, aheadHours = 24, 3

	hoursPerDay, secondsPerHour = 24, 3600
)

// What a setting of the batch takes.
var (
	// LatenessHours is for how long after its own time an event may reach S3 and count: up to a week.
	LatenessHours = fault.Between(1, 168)
	// BatchRuns is for the runs in a day, at the same distance: each starts at a whole hour.
	BatchRuns = fault.AnyOf(1, 2, 3, 4, 6, 8, 12, 24)
	// Executors is for the most that a run may have.
	Executors = fault.Between(1, maxExecutors)
)
