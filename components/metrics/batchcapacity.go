package metrics

import (
	"cmp"
	"strconv"

	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
)

// Capacity says what a run of the batch has, and what all runs together may have.
type Capacity struct {
	// Driver is the size of the driver; default 2 vCPUs, 8 GB of memory and 20 GB of disk.
	Driver Worker
	// Executor is the size of each executor; default 4 vCPUs, 16 GB of memory and 20 GB of disk.
	Executor Worker
	// Executors is how many a run has at most: 1 to 100, default 3.
	Executors int

	// Limits are what the application's workers have at most, in all. What is 0 is that of a run and of one more driver, so that
	// a run that is asked for while another goes on can say so. With the other defaults that is 16 vCPUs, as many as a new account
	// has (docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/endpoints-quotas.html); EMR Serverless refuses no more, but a
	// run that wants more than the account has fails.
	Limits Worker

	// IdleMinutes is how long the application stays started without a run: 1 to 10,080, default 5. It costs nothing meanwhile, but
	// it cannot be updated or deleted before it has stopped.
	IdleMinutes int
}

var (
	defaultDriver   = Worker{VCPUs: 2, MemoryGB: 8, DiskGB: 20}
	defaultExecutor = Worker{VCPUs: 4, MemoryGB: 16, DiskGB: 20}
)

const (
	// DefaultExecutors is as many as fit beside two drivers into the 16 vCPUs of a new account.
	DefaultExecutors = 3
	// DefaultIdleMinutes is less than the 15 that are EMR Serverless' own default.
	DefaultIdleMinutes = 5
)

var (
	// Executors is for the number of a run's executors.
	Executors = capacity.Executors
	// IdleMinutes is for how long an application stays started
	// (docs.aws.amazon.com/emr-serverless/latest/APIReference/API_AutoStopConfig.html).
	IdleMinutes = fault.Between(1, 10_080)
)

func (c Capacity) resolve() Capacity {
	c.Driver = c.Driver.resolve(defaultDriver)
	c.Executor = c.Executor.resolve(defaultExecutor)
	c.Executors = cmp.Or(c.Executors, DefaultExecutors)
	c.Limits = c.Limits.resolve(c.run().plus(c.Driver, 1))
	c.IdleMinutes = cmp.Or(c.IdleMinutes, DefaultIdleMinutes)
	return c
}

// run is what one run has at most.
func (c Capacity) run() Worker { return c.Driver.plus(c.Executor, c.Executors) }

func (c Capacity) check(path fault.Path) fault.List {
	return fault.Join(
		c.Driver.check(path.Field("Driver")),
		c.Executor.check(path.Field("Executor")),
		Executors.Check(path.Field("Executors"), c.Executors),
		c.checkLimits(path),
		IdleMinutes.Check(path.Field("IdleMinutes"), c.IdleMinutes),
	)
}

// checkLimits refuses limits within which no run gets all that it may have: it would wait for its last executors in vain.
func (c Capacity) checkLimits(path fault.Path) fault.List {
	var found fault.List
	run := c.run()
	for _, resource := range []struct {
		name, noun    string
		given, needed int
	}{
		{"VCPUs", "vCPUs", c.Limits.VCPUs, run.VCPUs},
		{"MemoryGB", "GB of memory", c.Limits.MemoryGB, run.MemoryGB},
		{"DiskGB", "GB of disk", c.Limits.DiskGB, run.DiskGB},
	} {
		found = append(found, fault.When(resource.given < resource.needed, fault.Fault{
			Path: path.Field("Limits").Field(resource.name), Given: resource.given, Nearest: strconv.Itoa(resource.needed),
			Problem: fault.Problemf("a driver and %d executors have %d %s", c.Executors, resource.needed, resource.noun),
			Reads:   path.Fields("Executors", "Driver."+resource.name, "Executor."+resource.name),
		})...)
	}
	return found
}
