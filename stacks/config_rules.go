package stacks

import (
	"cmp"
	"slices"
	"time"

	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// sharedReaders is the number of consumers that share a shard's read throughput: the delivery to S3. Whatever else reads
// does it by fan-out.
const sharedReaders = 1

// firehoseRetryHours is how long Firehose retries S3 before it drops records
// (docs.aws.amazon.com/firehose/latest/dev/retry.html).
const firehoseRetryHours = 24

// config puts the values together and checks what no key can know alone.
func (p *parser) config() *Config {
	c := &Config{
		Data:             p.account("region", "dataAccountId", "dataRoleArn", "dataExternalId"),
		Service:          p.serviceAccount(),
		EmulatorEndpoint: p.text("emulatorEndpoint"),
		Tags:             p.pairs("tags"),
		Stream:           p.stream(),
		Delivery: DeliveryConfig{
			AppendDelimiter:  p.boolean("appendDelimiter"),
			LogRetentionDays: p.integer("logRetentionDays"),
		},
		Raw:          p.rawLifecycle(),
		Protect:      p.boolean("protect"),
		ForceDestroy: p.boolean("forceDestroy"),
	}
	if c.ForceDestroy && c.Protect && !p.anyFaulty("protect", "forceDestroy") {
		p.fault("forceDestroy", "contradicts %s, which is true unless it is set", p.full("protect"))
	}
	c.Clusters = p.clusters()
	c.Logging = p.logging()
	c.Logging.Flows = p.flows(c)
	c.Access = p.access(c)
	p.checkComponents(c)
	p.plan(c)
	c.Warnings = p.warnings
	return c
}

// account is in the data account's region unless it has one of its own.
func (p *parser) account(region, id, role, externalID string) Account {
	a := Account{
		ID: p.text(id), Region: cmp.Or(p.text(region), p.text("region")), RoleARN: p.text(role), ExternalID: p.text(externalID),
	}
	if p.given(externalID) && !p.given(role) {
		p.fault(externalID, "needs %s, which is not set", p.full(role))
	}
	if p.given(externalID) && !p.raw.Secret[p.full(externalID)] {
		p.warn(externalID, "not encrypted: set it with pulumi config set --secret")
	}
	p.checkRoleOf(a, role, a.RoleARN, region, id)
	return a
}

// checkRoleOf refuses a role that is not in its account, or not in the partition of its region.
func (p *parser) checkRoleOf(a Account, role, arn, region, id string) {
	parts := rolePattern.FindStringSubmatch(arn)
	if parts == nil {
		return
	}
	if partition, err := iampolicy.PartitionOf(a.Region); err == nil && parts[1] != partition.ID && !p.faulty[region] {
		p.fault(role, "the role is in the partition %s, and the region %s in %s", parts[1], a.Region, partition.ID)
	}
	if a.ID != "" && parts[2] != a.ID {
		p.fault(role, "the role is not in the account %s of %s", a.ID, p.full(id))
	}
}

// serviceAccount is nil where the data account serves both.
func (p *parser) serviceAccount() *Account {
	const id, region = "serviceAccountId", "serviceRegion"
	if !p.given(id) {
		for _, name := range []string{region, "serviceRoleArn", "serviceExternalId"} {
			if p.given(name) {
				p.fault(name, "needs %s, which is not set", p.full(id))
			}
		}
		return nil
	}
	a := p.account(region, id, "serviceRoleArn", "serviceExternalId")
	p.checkPartitions(a)
	if a.ID != "" && a.ID == p.text("dataAccountId") && a.Region == p.text("region") && !p.faulty[region] {
		p.fault(id, "the same account and region as the data account: leave it out, and that one serves both")
	}
	return &a
}

// checkPartitions refuses accounts that no role leads between
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html#arns-syntax).
func (p *parser) checkPartitions(service Account) {
	data, dataErr := iampolicy.PartitionOf(p.text("region"))
	other, otherErr := iampolicy.PartitionOf(service.Region)
	if dataErr == nil && otherErr == nil && data.ID != other.ID {
		p.fault("serviceRegion", "in the partition %s, and %s in %s: no role can be assumed from one in the other", other.ID, p.full("region"), data.ID)
	}
}

func (p *parser) stream() StreamConfig {
	s := StreamConfig{
		Name:               p.text("streamName"),
		RetentionHours:     p.integer("retentionHours"),
		FanOutConsumers:    p.list("fanOutConsumers"),
		ProducerAccountIDs: p.list("producerAccountIds"),
	}
	if s.RetentionHours == firehoseRetryHours {
		p.warn("retentionHours", "%d hours are as long as Firehose retries S3, so an outage of that length loses records: keep them longer",
			firehoseRetryHours)
	}
	if !p.given("streamName") {
		s.Name = p.raw.Project + "-" + p.raw.Stack + "-logs"
		if naming.KinesisStream.Check(s.Name) != nil {
			p.fault("streamName", "not set, and %q, made of project and stack, is no name for a stream", s.Name)
		}
	}
	return s
}

func (p *parser) rawLifecycle() lake.RawLifecycle {
	const infrequent, archive, expiry = "rawInfrequentAccessDays", "rawArchiveDays", "rawExpiryDays"
	r := lake.RawLifecycle{
		InfrequentAccessDays: p.integer(infrequent),
		ArchiveDays:          p.integer(archive),
		ExpiryDays:           p.integer(expiry),
	}
	if least := r.MinArchiveDays(); r.ArchiveDays > 0 && r.ArchiveDays < least && !p.anyFaulty(infrequent, archive) {
		p.fault(archive, "too early: objects stay in STANDARD_IA for %d days and arrive there after %d, so %d is the least",
			least-r.InfrequentAccessDays, r.InfrequentAccessDays, least)
	}
	if least := r.MinExpiryDays(); r.ExpiryDays > 0 && r.ExpiryDays < least && !p.anyFaulty(infrequent, archive, expiry) {
		p.fault(expiry, "too early: the last tier is reached after %d days, so %d is the least",
			max(r.InfrequentAccessDays, r.ArchiveDays), least)
	}
	return r
}

// settingKeys are the keys that the settings of the sizing model are read from.
var settingKeys = map[capacity.Setting]string{
	capacity.SettingPeakRecordsPerSecond: "peakRecordsPerSecond",
	capacity.SettingMeanRecordsPerSecond: "meanRecordsPerSecond",
	capacity.SettingMeanRecordBytes:      "meanRecordBytes",
	capacity.SettingLargestRecordBytes:   "largestRecordBytes",
	capacity.SettingBurstFactor:          "burstFactor",
	capacity.SettingBurst:                "burstSeconds",
	capacity.SettingSharedReaders:        "fanOutConsumers",
	capacity.SettingMode:                 "streamMode",
	capacity.SettingShards:               "shardCount",
	capacity.SettingBufferMiB:            "rawBufferMiB",
	capacity.SettingBufferSeconds:        "rawBufferSeconds",
	capacity.SettingCompressionRatio:     "compressionRatio",
	capacity.SettingMinObjectMiB:         "minObjectMiB",
}

// plan sizes the pipeline. Refusals become faults of the keys that they are about, and warnings name them.
func (p *parser) plan(c *Config) {
	c.Load = p.load()
	plan, err := capacity.Compute(c.Load, p.choice())
	c.Plan = plan

	var refused []capacity.Finding
	for _, r := range capacity.Refusals(err) {
		if !p.followsFromFault(r) {
			refused = append(refused, r)
		}
	}
	for _, r := range refused {
		p.faultOf(settingKeys[r.Setting], r.Message, r.Nearest)
	}
	for _, w := range plan.Warnings {
		p.warn(settingKeys[w.Setting], "%s", w.Message)
	}
	if err == nil {
		p.planClusters(c)
	}
}

// followsFromFault says whether a finding is about a default that stands in for a faulty value, or is held against one.
func (p *parser) followsFromFault(f capacity.Finding) bool {
	return slices.ContainsFunc(append(slices.Clone(f.Against), f.Setting), func(s capacity.Setting) bool {
		return p.faulty[settingKeys[s]]
	})
}

func (p *parser) load() capacity.Load {
	return capacity.Load{
		PeakRecordsPerSecond: float64(p.integer("peakRecordsPerSecond")),
		MeanRecordsPerSecond: float64(p.integer("meanRecordsPerSecond")),
		MeanRecordBytes:      p.integer("meanRecordBytes"),
		LargestRecordBytes:   p.integer("largestRecordBytes"),
		BurstFactor:          p.number("burstFactor"),
		Burst:                time.Duration(p.integer("burstSeconds")) * time.Second,
		SharedReaders:        sharedReaders,
	}
}

func (p *parser) choice() capacity.Choice {
	choice := capacity.Choice{
		Region:             p.text("region"),
		Mode:               capacity.Mode(p.text("streamMode")),
		Shards:             p.integer("shardCount"),
		BufferMiB:          p.integer("rawBufferMiB"),
		CompressionRatio:   p.number("compressionRatio"),
		MinObjectMiB:       p.number("minObjectMiB"),
		RefuseSmallObjects: p.text("smallObjects") == "refuse",
	}
	if p.faulty["streamMode"] {
		choice.Shards = 0 // whether a shard count fits a mode that cannot be read is not known
	}
	if p.given("rawBufferSeconds") && !p.faulty["rawBufferSeconds"] {
		seconds := p.integer("rawBufferSeconds")
		choice.BufferSeconds = &seconds
	}
	return choice
}
