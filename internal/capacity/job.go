package capacity

import (
	"math"
	"time"

	"example.com/log-pipeline/internal/fault"
)

// JobChoice is what the user has decided of the streaming job. Its zero value leaves everything to ComputeJob.
type JobChoice struct {
	// WorkerType is the type of each worker; empty is not given: DefaultWorkerType.
	WorkerType WorkerType
	// Workers is how many there are, the driver's among them, or with auto scaling at most; 0 is computed, at least 2.
	Workers int
	// WorkerRecordsPerSecond is what one worker carries that runs tasks; 0 is not given: by its vCPUs.
	WorkerRecordsPerSecond float64
	// TriggerSeconds is the time from the start of one batch to the next; 0 is not given: DefaultTriggerSeconds.
	TriggerSeconds int
	// ScheduleMinutes is how often a run is asked for; 0 is not given: DefaultScheduleMinutes.
	ScheduleMinutes int
}

// JobPlan is what to run, and what comes of it.
type JobPlan struct {
	// WorkerType is the type of each worker.
	WorkerType WorkerType
	// Workers is how many there are, the driver's among them, or with auto scaling at most.
	Workers int
	// RecordsPerSecond is what they carry.
	RecordsPerSecond float64
	// TriggerSeconds is the time from the start of one batch to the next.
	TriggerSeconds int
	// ScheduleMinutes is how often a run is asked for.
	ScheduleMinutes int
	// Away is how long the job is away after its end at worst: until a run is asked for, and has started.
	Away time.Duration
	// CatchUp is how long it takes then, at the mean rate, until it has read what piled up meanwhile at the peak.
	CatchUp time.Duration
	// FreshnessSeconds is how long a record waits at worst until its batch is through, while the job runs: for the batch to
	// begin, and for its share of the time between batches. The commits to the tables come on top.
	FreshnessSeconds int
	// Warnings are what works at a price.
	Warnings fault.List
}

// ComputeJob plans the streaming job that reads all of a load. With a fault the plan is empty.
func ComputeJob(load Load, choice JobChoice) (JobPlan, fault.List) {
	impossible := fault.Join(load.impossible(), choice.impossible())
	contradictions := trusted(load.contradictions(), impossible)
	if len(impossible) > 0 {
		// Nothing can be derived from impossible numbers.
		return JobPlan{}, fault.Join(impossible, contradictions)
	}
	j := job{load: load, given: choice, choice: choice.withDefaults()}
	j.worker = j.workerRate()
	plan := JobPlan{
		WorkerType:      j.choice.WorkerType,
		Workers:         j.workers(),
		TriggerSeconds:  j.choice.TriggerSeconds,
		ScheduleMinutes: j.choice.ScheduleMinutes,
		Away:            time.Duration(j.choice.ScheduleMinutes)*time.Minute + jobStartSeconds*time.Second,
	}
	plan.RecordsPerSecond = j.worker * float64(plan.Workers-driverWorkers)
	misfits := j.tooMany(plan)
	if len(misfits) == 0 {
		misfits = j.tooFew(plan)
	}
	if faults := fault.Join(contradictions, misfits); len(faults) > 0 {
		return JobPlan{}, faults
	}
	plan.CatchUp = j.catchUp(plan)
	plan.FreshnessSeconds = ceil(float64(plan.TriggerSeconds) * (1 + load.PeakRecordsPerSecond/plan.RecordsPerSecond))
	plan.Warnings = j.slow(plan)
	return plan, nil
}

func (c JobChoice) impossible() fault.List {
	return fault.Join(
		checkGiven(WorkerTypes, "WorkerType", string(c.WorkerType)),
		checkGiven(JobWorkers, "Workers", c.Workers),
		fault.When(c.WorkerRecordsPerSecond != 0, checkRate(JobWorkerRate, "WorkerRecordsPerSecond", c.WorkerRecordsPerSecond)...),
		checkGiven(TriggerSeconds, "TriggerSeconds", c.TriggerSeconds),
		checkGiven(ScheduleMinutes, "ScheduleMinutes", c.ScheduleMinutes),
	)
}

func (c JobChoice) withDefaults() JobChoice {
	if c.WorkerType == "" {
		c.WorkerType = DefaultWorkerType
	}
	if c.TriggerSeconds == 0 {
		c.TriggerSeconds = DefaultTriggerSeconds
	}
	if c.ScheduleMinutes == 0 {
		c.ScheduleMinutes = DefaultScheduleMinutes
	}
	return c
}

// job is a streaming job that is being planned.
type job struct {
	load Load
	// given is the choice, and choice has defaults.
	given, choice JobChoice
	// worker is what a worker carries, in records/s.
	worker float64
}

func (j job) workerRate() float64 {
	if j.choice.WorkerRecordsPerSecond != 0 {
		return j.choice.WorkerRecordsPerSecond
	}
	return j.choice.WorkerType.vCPUs() * vCPURate(j.load.MeanRecordBytes)
}

// vCPURate is what a vCPU carries of records of that mean size, in records/s.
func vCPURate(meanRecordBytes int) float64 {
	return min(vCPURecordsPerSecond, vCPUBytesPerSecond/float64(meanRecordBytes))
}

// workers are those chosen, or those that catch up while the peak goes on, and carry a burst.
func (j job) workers() int {
	if j.choice.Workers != 0 {
		return j.choice.Workers
	}
	return j.carrying(max(catchUpFactor*j.load.peak().records, j.load.burst().records))
}

// carrying is how many workers carry a rate.
func (j job) carrying(recordsPerSecond float64) int {
	return max(MinJobWorkers, ceil(recordsPerSecond/j.worker)+driverWorkers)
}

// What the workers' rate follows from, and what they are held against.
var (
	workerSettings = []fault.Path{"WorkerType", "WorkerRecordsPerSecond", "MeanRecordBytes"}
	jobSettings    = append([]fault.Path{"Workers", "PeakRecordsPerSecond", "BurstFactor", "Burst"}, workerSettings...)
)

// tooMany refuses more workers than a job of the type can have, computed or chosen.
func (j job) tooMany(plan JobPlan) fault.List {
	most := plan.WorkerType.MostWorkers()
	if plan.Workers <= most {
		return nil
	}
	const larger fault.Path = "WorkerType"
	if j.given.Workers == 0 {
		return beyond("Workers", plan.Workers, most,
			fault.Problemf("choose a larger %s, or set %s where you measured that a worker carries more", larger, fault.Path("WorkerRecordsPerSecond")), jobSettings)
	}
	return fault.List{{
		Path: "Workers", Reads: []fault.Path{larger}, Given: j.given.Workers, Nearest: j.nearest(most),
		Problem: fault.Problemf("a job has at most %d workers of the type %s", most, plan.WorkerType),
	}}
}

// tooFew refuses workers that fall behind for ever: those that do not carry the peak, and those that never catch up.
func (j job) tooFew(plan JobPlan) fault.List {
	peak, mean := j.load.peak().records, j.load.mean().records
	found := fault.Fault{Path: "Workers", Reads: except("Workers", jobSettings, []fault.Path{"MeanRecordsPerSecond"}), Given: given(j.given.Workers)}
	switch {
	case plan.RecordsPerSecond < peak*(1-rounding):
		found.Problem = j.carried(plan).And(", and the peak is %s", quantity(peak))
	case j.neverCatchesUp(plan.RecordsPerSecond):
		found.Problem = j.carried(plan).And(", and the mean is %s: what piles up while the job restarts is never caught up with", quantity(mean))
	default:
		return nil
	}
	enough := j.carrying(peak)
	if j.neverCatchesUp(j.worker * float64(enough-driverWorkers)) {
		enough++
	}
	found.Nearest = j.nearest(enough)
	found.Problem = found.Problem.And("; at least %d workers are needed, the driver's among them", enough)
	return fault.List{found}
}

func (j job) neverCatchesUp(carried float64) bool {
	return carried <= j.load.mean().records*(1+rounding)
}

// nearest is a number of workers where a job of the type can have it, and else nothing.
func (j job) nearest(workers int) string {
	if workers > j.choice.WorkerType.MostWorkers() {
		return ""
	}
	return nearest(JobWorkers, workers)
}

func (j job) carried(plan JobPlan) fault.Problem {
	return fault.Problemf("%s of the type %s beside the driver's %s %s records/s", plural(plan.Workers-driverWorkers, "worker"), plan.WorkerType,
		verb(plan.Workers-driverWorkers, "carry", "carries"), quantity(plan.RecordsPerSecond))
}

// verb agrees with a number.
func verb(n int, many, one string) string {
	if n == 1 {
		return one
	}
	return many
}

// catchUp is how long the backlog of a restart takes, at the mean rate. A plan that is not refused carries more than that.
func (j job) catchUp(plan JobPlan) time.Duration {
	backlog := j.load.PeakRecordsPerSecond * plan.Away.Seconds()
	return duration(backlog / (plan.RecordsPerSecond - j.load.MeanRecordsPerSecond))
}

// slow warns of workers that carry the peak and hardly more.
func (j job) slow(plan JobPlan) fault.List {
	peak, burst := j.load.peak().records, j.load.burst().records
	found := fault.Fault{
		Path: "Workers", Reads: except("Workers", jobSettings, []fault.Path{"MeanRecordsPerSecond", "ScheduleMinutes"}), Given: given(j.given.Workers),
	}
	switch {
	case plan.RecordsPerSecond < catchUpFactor*peak*(1-rounding):
		found.Nearest = j.nearest(j.carrying(catchUpFactor * peak))
		found.Problem = j.carried(plan).And(", and the peak is %s: what piles up in the %s of a restart is caught up with in %s at the mean rate; "+
			"%d workers need no more than the restart took, even at the peak",
			quantity(peak), plan.Away, plan.CatchUp, j.carrying(catchUpFactor*peak))
	case plan.RecordsPerSecond < burst*(1-rounding):
		found.Nearest = j.nearest(j.carrying(burst))
		behind := math.Ceil((burst - plan.RecordsPerSecond) * j.load.Burst.Seconds())
		found.Problem = j.carried(plan).And(", and a burst is %s for %s: %s records wait in the stream then; %d workers carry it",
			quantity(burst), j.load.Burst, quantity(behind), j.carrying(burst))
	default:
		return nil
	}
	return fault.List{found}
}
