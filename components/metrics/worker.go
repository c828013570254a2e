package metrics

import (
	"fmt"
	"strconv"

	"example.com/log-pipeline/internal/fault"
)

// Worker is the size of a driver or of an executor of the batch.
type Worker struct {
	// VCPUs is 1, 2, 4, 8 or 16.
	VCPUs int
	// MemoryGB is all its memory, Spark's overhead included: 2 to 8 with 1 vCPU, 4 to 16 with 2, 8 to 30 with 4, 16 to 60 in
	// steps of 4 with 8, 32 to 120 in steps of 8 with 16.
	MemoryGB int
	// DiskGB is its disk: 20 to 200.
	DiskGB int
}

// What a worker can have: docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html
var (
	// WorkerVCPUs is for its vCPUs.
	WorkerVCPUs = fault.AnyOf(1, 2, 4, 8, 16)
	// WorkerDiskGB is for its disk.
	WorkerDiskGB = fault.Between(20, 200)

	workerMemories = map[int]memory{1: {2, 8, 1}, 2: {4, 16, 1}, 4: {8, 30, 1}, 8: {16, 60, 4}, 16: {32, 120, 8}}
)

// memory is what a worker can have of it, in GB.
type memory struct{ least, most, step int }

func (m memory) takes(gb int) bool { return gb == m.nearest(gb) }

func (m memory) nearest(gb int) int {
	within := min(max(gb, m.least), m.most)
	return within - within%m.step
}

func (m memory) String() string {
	text := fmt.Sprintf("an integer from %d to %d", m.least, m.most)
	if m.step > 1 {
		text += fmt.Sprintf(", in steps of %d", m.step)
	}
	return text
}

func (w Worker) check(path fault.Path) fault.List {
	vCPUs, gb := path.Field("VCPUs"), path.Field("MemoryGB")
	found := fault.Join(WorkerVCPUs.Check(vCPUs, w.VCPUs), WorkerDiskGB.Check(path.Field("DiskGB"), w.DiskGB))
	allowed, known := workerMemories[w.VCPUs]
	if !known || allowed.takes(w.MemoryGB) {
		return found
	}
	return append(found, fault.Fault{
		Path: gb, Given: w.MemoryGB, Reads: []fault.Path{vCPUs}, Allowed: allowed.String(), Nearest: strconv.Itoa(allowed.nearest(w.MemoryGB)),
		Problem: fault.Problemf("not what a worker with %d vCPUs can have", w.VCPUs),
	})
}

// resolve fills in a default for what is not set.
func (w Worker) resolve(standard Worker) Worker {
	for _, field := range []struct {
		value    *int
		standard int
	}{{&w.VCPUs, standard.VCPUs}, {&w.MemoryGB, standard.MemoryGB}, {&w.DiskGB, standard.DiskGB}} {
		if *field.value == 0 {
			*field.value = field.standard
		}
	}
	return w
}

func (w Worker) plus(other Worker, times int) Worker {
	return Worker{
		VCPUs: w.VCPUs + times*other.VCPUs, MemoryGB: w.MemoryGB + times*other.MemoryGB, DiskGB: w.DiskGB + times*other.DiskGB,
	}
}

// Spark's overhead is what the page above says of it, 10 % and at least 384 MiB, but of the whole: so heap and overhead are
// what the worker has.
const (
	mibPerGB         = 1024
	overheadShare    = 10
	leastOverheadMiB = 384
)

// settings are Spark's for a worker of the role driver or executor.
func (w Worker) settings(role string) []string {
	all := w.MemoryGB * mibPerGB
	overhead := max(leastOverheadMiB, all/overheadShare)
	return []string{
		fmt.Sprintf("spark.%s.cores=%d", role, w.VCPUs),
		fmt.Sprintf("spark.%s.memory=%dm", role, all-overhead),
		fmt.Sprintf("spark.%s.memoryOverhead=%dm", role, overhead),
		fmt.Sprintf("spark.emr-serverless.%s.disk=%dG", role, w.DiskGB),
	}
}
