package capacity

import (
	"math"
	"time"

	"example.com/log-pipeline/internal/fault"
)

// waits is how many seconds a batch that is refused whole has waited before its nth retry, with this first wait.
func waits(retries int, first float64) float64 {
	return first * (math.Exp2(float64(retries)) - 1)
}

// retriesThatCover is the fewest retries of which the last comes after the outage, even where each wait is the shortest.
func retriesThatCover(outage time.Duration) int {
	retries := 0
	for waits(retries, shortestFirstWait) < outage.Seconds() {
		retries++
	}
	return retries
}

// stall is how many seconds after an outage's start a flush thread may be silent. Where Kinesis refuses records, a thread
// sleeps between the plugin's retries. Each sleep is as long as all before it, so the last one may end an outage's length
// after the outage. Where Kinesis cannot be reached, the plugin raises an error, and Fluentd waits.
func stall(outage time.Duration) float64 {
	seconds := outage.Seconds()
	if seconds <= 0 {
		return 0
	}
	retries := retriesThatCover(outage)
	refused := min(waits(retries, longestFirstWait), seconds+longestFirstWait*math.Exp2(float64(retries-1)))
	unreachable := seconds + retryRandomness*RetryMaxIntervalSeconds
	return max(refused, unreachable)
}

// retriesThroughThrottling is how many retries a record needs while the stream accepts a part of what it is offered: so many
// that next to no record is refused each time. Threads offer at most a batch in each call, so the stream accepts at least
// accepted/offered of each try. A shard with a hot key accepts less.
func retriesThroughThrottling(accepted, offered float64) int {
	if accepted >= offered {
		return 0
	}
	retries := math.Log(tolerableDrops) / math.Log1p(-accepted/offered)
	return min(ceil(retries), MaxRetriesOnBatchRequest)
}

// batchOf is how many records of a size one call takes.
func batchOf(bytes int) float64 {
	return float64(min(batchRecords, max(1, batchBytes/bytes)))
}

// sizeRetries decides how often the plugin retries. Fluentd's own retry_forever does not help: the plugin reports the records
// that it drops as delivered.
func (p *ClusterPlan) sizeRetries(cluster Cluster, choice ClusterChoice, f flow, reads reads) fault.List {
	outage, throttling := retriesThatCover(cluster.StreamOutage), retriesThroughThrottling(f.accepted, f.flushed)
	p.RetriesOnBatchRequest = choice.RetriesOnBatchRequest
	if p.RetriesOnBatchRequest == 0 {
		p.RetriesOnBatchRequest = max(DefaultRetriesOnBatchRequest, outage, throttling)
	}

	retries := p.RetriesOnBatchRequest
	if retries < outage {
		return fault.List{{
			Path: "RetriesOnBatchRequest", Reads: []fault.Path{"StreamOutage"},
			Given: given(choice.RetriesOnBatchRequest), Nearest: nearest(RetriesOnBatchRequest, outage),
			Problem: fault.Problemf("while Kinesis refuses every record for %s, the plugin may have used up %d of its retries after %s, and drops what it holds: %d last as long",
				cluster.StreamOutage, retries, wholeSeconds(waits(retries, shortestFirstWait)), outage),
		}}
	}
	if f.accepted < f.flushed || f.accepted < f.burst {
		p.Warnings = append(p.Warnings, fault.Fault{
			Path: "RetriesOnBatchRequest", Reads: except("RetriesOnBatchRequest", reads.out, reads.burst, []fault.Path{"StreamOutage"}),
			Given: given(choice.RetriesOnBatchRequest), Nearest: moreRetries(retries, throttling), Problem: drops(retries, throttling, f),
		})
	}
	return nil
}

// moreRetries are those that throttling takes, where that is more than there are.
func moreRetries(retries, throttling int) string {
	if retries < throttling {
		return nearest(RetriesOnBatchRequest, throttling)
	}
	return ""
}

// drops says what the plugin may drop while the stream is offered more than it takes.
func drops(retries, throttling int, f flow) fault.Problem {
	problem := fault.Problemf("while a backlog drains")
	if f.accepted < f.burst {
		problem = problem.And(", and in a burst of %s records/s,", quantity(f.burst))
	}
	problem = problem.And(" Fluentd offers more than the %s records/s that the stream takes of this cluster; the plugin drops a record that is "+
		"refused %d times, which takes as little as %s, and the Logging Operator cannot tell it otherwise "+
		"(drop_failed_records_after_batch_request_retries): ",
		quantity(f.accepted), retries+1, wholeSeconds(float64(retries)*shortestFirstWait))
	if retries < throttling {
		problem = problem.And("%d make that next to impossible while the keys are even", throttling)
	} else {
		problem = problem.And("fewer than one in 10^12 of the records that wait, while the keys are even; a hot key changes that")
	}
	return problem.And("; alarm on WriteProvisionedThroughputExceeded and fluentd_output_status_num_errors")
}
