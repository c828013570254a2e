package capacity

import (
	"strings"

	"example.com/log-pipeline/internal/fault"
)

// WorkerType is what a worker of a Glue job is, in the words of the Glue API.
type WorkerType string

// The worker types that a streaming job of Glue 6.0 can have here.
const (
	// G025X has 2 vCPUs and 4 GB of memory, and is for streaming jobs only.
	G025X WorkerType = "G.025X"
	// G1X has 4 vCPUs and 16 GB of memory.
	G1X WorkerType = "G.1X"
	// G2X has 8 vCPUs and 32 GB of memory.
	G2X WorkerType = "G.2X"
	// G4X has 16 vCPUs and 64 GB of memory.
	G4X WorkerType = "G.4X"
	// G8X has 32 vCPUs and 128 GB of memory.
	G8X WorkerType = "G.8X"

	// DefaultWorkerType is the smallest that Glue does not call one for a low volume.
	DefaultWorkerType = G1X
)

// workerTypes are in order of size. vCPUs: docs.aws.amazon.com/glue/latest/dg/worker-types.html. The most workers of G.1X and
// G.2X are those that AWS::Glue::Job gives for NumberOfWorkers (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
// aws-resource-glue-job.html): about 300 DPUs. The others are assumed to have the same DPUs, and G.025X the same workers. An
// account's quota may be lower.
var workerTypes = []struct {
	name        WorkerType
	vCPUs, most int
}{{G025X, 2, 299}, {G1X, 4, 299}, {G2X, 8, 149}, {G4X, 16, 74}, {G8X, 32, 37}}

func (t WorkerType) vCPUs() float64 {
	for _, other := range workerTypes {
		if other.name == t {
			return float64(other.vCPUs)
		}
	}
	return 0
}

// MostWorkers is how many workers of the type a job can have, the driver's among them; 0 of a type that is not known.
func (t WorkerType) MostWorkers() int {
	for _, other := range workerTypes {
		if other.name == t {
			return other.most
		}
	}
	return 0
}

// Limits and habits of the streaming job.
const (
	// vCPURecordsPerSecond is half of what one idle core was measured to carry of the whole job, parsing to MERGE, in the wide
	// form: 20,000 records/s of 1,253 bytes, with 8 metrics of 4 dimensions (Spark 4.1.1, local[1], 400,000 records). Half of it,
	// since a vCPU of AWS is half a core with hyper-threading. Metrics, dimensions and fields change it: measure your own.
	vCPURecordsPerSecond = 10_000.0
	// vCPUBytesPerSecond is the same in bytes, so that large records do not make a worker limitless: parsing takes most of it.
	vCPUBytesPerSecond = vCPURecordsPerSecond * 1_253

	// driverWorkers is how many workers run no tasks: a Glue job's driver has one of its own (docs.aws.amazon.com/glue/latest/dg/
	// monitor-debug-capacity.html).
	driverWorkers = 1
	// MinJobWorkers are the driver's worker and one that runs tasks.
	MinJobWorkers = driverWorkers + 1
	maxJobWorkers = 299

	// catchUpFactor is how many times the peak computed workers carry: what has piled up is then read in the time that it took
	// to pile up, even while the peak goes on. By fan-out a shard is read at twice the rate at which it can be written to.
	catchUpFactor = 2
	// jobStartSeconds is assumed for a Glue job to start, its module installed and its tables read.
	jobStartSeconds = 120

	// DefaultTriggerSeconds is as often as windows of a minute end.
	DefaultTriggerSeconds = 60
	// DefaultScheduleMinutes is how often a run is asked for.
	DefaultScheduleMinutes = 5
)

// What a setting of the streaming job takes.
var (
	// WorkerTypes is for the type of its workers.
	WorkerTypes = knownWorkerTypes()
	// JobWorkers is for the number of its workers, the driver's among them.
	JobWorkers = fault.Between(MinJobWorkers, maxJobWorkers)
	// JobWorkerRate is for what one of its workers carries, in records/s: at most what 32 vCPUs would if each only parsed small records.
	JobWorkerRate = fault.Between(1, 10_000_000)
	// TriggerSeconds is for the time from the start of one batch to the next: a batch is a commit to each table.
	TriggerSeconds = fault.Between(10, 600)
	// ScheduleMinutes is for the time between two requests of a run, the longest that an ended job is away.
	ScheduleMinutes = fault.Between(1, 60)
)

// knownWorkerTypes says why it does not take the others that Glue has: docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html.
// The provider's own list is that of its SDK (terraform-provider-aws 5.100.0, service/glue v1.113.0), and it refuses a plan with
// any other type.
func knownWorkerTypes() fault.Rule[string] {
	rule := fault.OneOf(G025X, G1X, G2X, G4X, G8X)
	refuse := rule.Refuse
	rule.Refuse = func(name string) (fault.Problem, bool) {
		switch {
		case name == "Z.2X":
			return fault.Problemf("the type is for Ray jobs alone"), true
		case name == "Standard":
			return fault.Problemf("the type is none of Glue 6.0, which the job runs on"), true
		case name == "G.12X" || name == "G.16X" || strings.HasPrefix(name, "R."):
			return fault.Problemf("the AWS provider that this program uses (pulumi-aws 6.83.2) does not know the type"), true
		}
		return refuse(name)
	}
	return rule
}
