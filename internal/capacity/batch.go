package capacity

import (
	"time"

	"example.com/log-pipeline/internal/fault"
)

// BatchChoice is what the user has decided of the batch. Its zero value leaves everything to ComputeBatch.
type BatchChoice struct {
	// RunsPerDay is how often it runs; 0 is not given: DefaultBatchRuns.
	RunsPerDay int
	// LatenessHours is how long after its own time an event may reach S3 and count; 0 is not given: DefaultLatenessHours.
	LatenessHours int
	// Executors is how many a run may have; 0 is computed.
	Executors int
}

// BatchPlan is what a run has, and what comes of it.
type BatchPlan struct {
	RunsPerDay, LatenessHours int
	// Executors is how many a run may have, each with four vCPUs.
	Executors int
	// RecordsPerRun is how many a run reads at the mean rate: what is new, and again what may have come late.
	RecordsPerRun float64
	// Duration is how long that takes.
	Duration time.Duration
}

// ComputeBatch plans the batch that reads all of a load. With a fault the plan is empty.
func ComputeBatch(load Load, choice BatchChoice) (BatchPlan, fault.List) {
	impossible := fault.Join(load.impossible(), choice.impossible())
	if len(impossible) > 0 {
		return BatchPlan{}, impossible
	}
	choice = choice.withDefaults()
	plan := BatchPlan{RunsPerDay: choice.RunsPerDay, LatenessHours: choice.LatenessHours, Executors: choice.Executors}
	interval := hoursPerDay / choice.RunsPerDay
	plan.RecordsPerRun = load.MeanRecordsPerSecond * secondsPerHour * float64(hoursRead(interval, choice.LatenessHours))
	executor := executorVCPUs * vCPURate(load.MeanRecordBytes)
	if plan.Executors == 0 {
		plan.Executors = min(maxExecutors, ceil(plan.RecordsPerRun/(executor*batchTargetSeconds)))
	}
	plan.Duration = duration(plan.RecordsPerRun / (executor * float64(plan.Executors)))
	if faults := endless(load, choice, plan, time.Duration(interval)*time.Hour, executor); len(faults) > 0 {
		return BatchPlan{}, faults
	}
	return plan, nil
}

func (c BatchChoice) impossible() fault.List {
	return fault.Join(
		checkGiven(BatchRuns, "RunsPerDay", c.RunsPerDay),
		checkGiven(LatenessHours, "LatenessHours", c.LatenessHours),
		checkGiven(Executors, "Executors", c.Executors),
	)
}

func (c BatchChoice) withDefaults() BatchChoice {
	if c.RunsPerDay == 0 {
		c.RunsPerDay = DefaultBatchRuns
	}
	if c.LatenessHours == 0 {
		c.LatenessHours = DefaultLatenessHours
	}
	return c
}

// hoursRead is how many hours of records a run reads: of each chunk its own, and those of the events that came later.
func hoursRead(interval, latenessHours int) int {
	hours := 0
	for left := interval + latenessHours + retriedHours; left > 0; left -= chunkHours {
		own := min(chunkHours, left)
		hours += own + aheadHours + min(latenessHours, left-own)
	}
	return hours
}

// endless refuses runs that last longer than until the next one, which is then refused itself.
func endless(load Load, choice BatchChoice, plan BatchPlan, interval time.Duration, executor float64) fault.List {
	if plan.Duration <= interval {
		return nil
	}
	enough := ceil(plan.RecordsPerRun / (executor * interval.Seconds()))
	found := fault.Fault{
		Path: "Executors", Given: given(choice.Executors), Nearest: nearest(Executors, enough),
		Reads: []fault.Path{"RunsPerDay", "LatenessHours", "MeanRecordsPerSecond", "MeanRecordBytes"},
		Problem: fault.Problemf("%s need %s for the %s records of a run, and the next run is due after %s; at least %s are needed",
			plural(plan.Executors, "executor"), plan.Duration.Round(time.Minute), quantity(plan.RecordsPerRun), interval, plural(enough, "executor")),
	}
	if enough > maxExecutors {
		found.Nearest = ""
		found.Problem = fault.Problemf("a run reads %s records at %s records/s, for which not even %d executors are enough before the next run is due after %s: "+
			"let it run less often or wait less long for late events",
			quantity(plan.RecordsPerRun), quantity(load.MeanRecordsPerSecond), maxExecutors, interval)
	}
	return fault.List{found}
}
