package logging

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/internal/objectkey"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

const (
	aggregatorPath fault.Path = "Aggregator"
	flowsPath      fault.Path = "Flows"
	failedRegion   fault.Path = "Failed.Region"
)

// Check returns all faults of the args. It may be called on nil. The outputs of resources are not known before the run, and go
// unchecked. Any name will do: no object in the cluster is called by it.
func (a *Args) Check(string) fault.List {
	r := a.resolve()
	return fault.Join(
		fault.Required("Cluster", r.Cluster, Cluster),
		Namespace.Check("Namespace", r.Namespace),
		chartVersion.Check("Operator.ChartVersion", r.Operator.ChartVersion),
		r.Agent.check(),
		r.checkAggregator(),
		r.checkWriter(),
		r.checkOutputs(),
		r.Events.check(),
		r.checkFlows(),
	)
}

func (a Agent) check() fault.List {
	const path fault.Path = "Agent"
	return fault.Join(
		capacity.AgentDiskMiB.Check(path.Field("DiskLimitMiB"), a.DiskLimitMiB),
		Label.InList(path.Field("IgnoredNamespaces"), a.IgnoredNamespaces),
		naming.KubernetesSubdomain.Check(path.Field("PriorityClass"), a.PriorityClass),
	)
}

func (a Args) checkAggregator() fault.List {
	g, path := a.Aggregator, aggregatorPath
	return fault.Join(
		a.checkRole(path.Field("RoleARN"), g.RoleARN),
		capacity.Replicas.Check(path.Field("Replicas"), g.Replicas),
		capacity.Workers.Check(path.Field("Workers"), g.Workers),
		capacity.FlushThreads.Check(path.Field("FlushThreads"), g.FlushThreads),
		capacity.FlushSeconds.Check(path.Field("FlushSeconds"), g.FlushSeconds),
		chunkLimitMiB.Check(path.Field("ChunkLimitMiB"), g.ChunkLimitMiB),
		queuedChunks.Check(path.Field("QueuedChunks"), g.QueuedChunks),
		a.checkDisk(),
		StorageClass.OrZero(notSet).Check(path.Field("StorageClass"), g.StorageClass),
		capacity.RetriesOnBatchRequest.Check(path.Field("RetriesOnBatchRequest"), g.RetriesOnBatchRequest),
		naming.KubernetesSubdomain.Check(path.Field("PriorityClass"), g.PriorityClass),
	)
}

func notSet(text string) bool { return text == "" }

// checkDisk also finds buffers that the disk does not hold, and buffers of one chunk, which could take no event while Fluentd sends
// that chunk.
func (a Args) checkDisk() fault.List {
	g, diskGiB := a.Aggregator, aggregatorPath.Field("DiskGiB")
	buffers := Buffers(a.outputs(), a.Flows) * g.Workers
	noDisk := capacity.AggregatorDiskGiB.Check(diskGiB, g.DiskGiB)
	if buffers < 1 || len(noDisk) > 0 {
		return noDisk
	}
	least, most := 2*g.ChunkLimitMiB, g.usableMiB()/buffers
	reads := append(aggregatorPath.Fields("Workers", "ChunkLimitMiB"), "Stream", "S3", "Firehose")
	for i := range a.Flows {
		reads = append(reads, flowsPath.Index(i).Field("Outputs"))
	}
	limit := fault.Fault{
		Path: aggregatorPath.Field("TotalLimitMiB"), Given: g.TotalLimitMiB, Reads: append(reads, diskGiB),
		Allowed: "two chunks at least, and at most so much that all buffers of a replica take nine tenths of its disk",
	}
	switch {
	case most < least:
		return fault.List{{
			Path: diskGiB, Given: g.DiskGiB, Reads: reads, Allowed: capacity.AggregatorDiskGiB.Allowed,
			Problem: fault.Problemf("nine tenths of it do not hold two chunks of %d MiB for each of %d buffers", g.ChunkLimitMiB, buffers),
			Nearest: diskGiBFor(least * buffers),
		}}
	case g.TotalLimitMiB < least:
		limit.Problem = fault.Problemf("less than two chunks of %d MiB", g.ChunkLimitMiB)
		limit.Nearest = strconv.Itoa(least)
	case g.TotalLimitMiB > most:
		limit.Problem = fault.Problemf("nine tenths of %s, %d, are too small for %d of them", diskGiB, g.DiskGiB, buffers)
		limit.Nearest = strconv.Itoa(most)
	default:
		return nil
	}
	return fault.List{limit}
}

// diskGiBFor is the smallest disk that holds buffers of so many MiB; empty where that is no disk.
func diskGiBFor(mib int) string {
	const usableTenths = capacity.UsableTenths * mebibytesInGibibyte
	if disk := (mib*10 + usableTenths - 1) / usableTenths; disk <= capacity.MaxAggregatorDiskGiB {
		return strconv.Itoa(disk)
	}
	return ""
}

func (a Args) checkWriter() fault.List {
	const path fault.Path = "Writer"
	session := sessionName.Check(path.Field("SessionName"), a.Writer.SessionName)
	if len(session) > 0 && a.Writer.SessionName == defaultSessionName(a.Cluster) {
		session[0].Reads = []fault.Path{"Cluster"}
	}
	return fault.Join(
		a.checkRole(path.Field("RoleARN"), a.Writer.RoleARN),
		iampolicy.ExternalID.OrZero(notSet).Check(path.Field("ExternalID"), a.Writer.ExternalID),
		session,
	)
}

// checkRole also finds a role of another partition than the outputs' regions: no session crosses partitions.
func (a Args) checkRole(path fault.Path, text string) fault.List {
	role, err := iampolicy.ParseRoleARN(text)
	if err != nil {
		return fault.Required(path, text, iampolicy.RoleARN)
	}
	return a.checkPartition(path, text, role.Partition)
}

// checkRegion also finds outputs of different partitions.
func (a Args) checkRegion(path fault.Path, region string) fault.List {
	partition, err := iampolicy.PartitionOf(region)
	if err != nil {
		return fault.Required(path, region, iampolicy.Region)
	}
	return a.checkPartition(path, region, partition.ID)
}

// checkPartition compares the partition of a setting with that of the failed bucket.
func (a Args) checkPartition(path fault.Path, given, partition string) fault.List {
	failed, err := iampolicy.PartitionOf(a.Failed.Region)
	return fault.When(err == nil && partition != failed.ID, fault.Fault{
		Path: path, Given: given, Reads: []fault.Path{failedRegion},
		Problem: fault.Problemf("in the partition %s, and %s is in %s", partition, failedRegion, failed.ID),
	})
}

func (a Args) checkOutputs() fault.List {
	faults := fault.When(len(a.outputs()) == 0, fault.Fault{
		Path: "Stream", Problem: fault.Problemf("not set, and neither are %s and %s", fault.Path("S3"), fault.Path("Firehose")),
		Allowed: "one of them at least", Reads: []fault.Path{"S3", "Firehose"},
	})
	if a.Stream != nil {
		faults = append(faults, fault.Required("Stream.Name", a.Stream.Name, naming.KinesisStream.Rule)...)
		faults = append(faults, a.checkRegion("Stream.Region", a.Stream.Region)...)
	}
	if a.Firehose != nil {
		faults = append(faults, fault.Required("Firehose.DeliveryStreamName", a.Firehose.DeliveryStreamName, naming.FirehoseStream.Rule)...)
		faults = append(faults, a.checkRegion("Firehose.Region", a.Firehose.Region)...)
	}
	if a.S3 != nil {
		faults = append(faults, a.checkBucket("S3", a.S3.BucketName, a.S3.Region, a.S3.Prefix)...)
		faults = append(faults, S3FlushSeconds.Check("S3.FlushSeconds", a.S3.FlushSeconds)...)
	}
	return append(faults, a.checkBucket("Failed", a.Failed.BucketName, a.Failed.Region, a.Failed.Prefix)...)
}

func (a Args) checkBucket(path fault.Path, name pulumi.StringInput, region, prefix string) fault.List {
	return fault.Join(
		fault.NotSet(path.Field("BucketName"), name != nil, "the name of a bucket"),
		a.checkRegion(path.Field("Region"), region),
		objectkey.Prefix.Check(path.Field("Prefix"), prefix),
	)
}

func (e Events) check() fault.List {
	const path fault.Path = "Events"
	return fault.Join(
		RedactField.InList(path.Field("RedactFields"), e.RedactFields),
		RedactPattern.InList(path.Field("RedactPatterns"), e.RedactPatterns),
		PartitionKeys.Check(path.Field("PartitionKey"), string(e.PartitionKey)),
		Oversizes.Check(path.Field("Oversize"), string(e.Oversize)),
		MaxBytes.Check(path.Field("MaxBytes"), e.MaxBytes),
	)
}
