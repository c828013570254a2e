package stacks

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSearchFaults(t *testing.T) {
	with := func(changes map[string]string) map[string]string {
		values := map[string]string{"search.enabled": "true"}
		maps.Copy(values, changes)
		return values
	}
	for name, test := range map[string]struct {
		change map[string]string
		want   []string
	}{
		"settings of a domain that is not made": {
			map[string]string{"search.daysKept": "7", "search.size.instances": "3", "search.delivery.backup": "all"},
			[]string{
				"log-pipeline:search.size: has no effect unless enabled is true",
				"log-pipeline:search.daysKept: has no effect unless enabled is true",
				"log-pipeline:search.delivery: has no effect unless enabled is true",
			},
		},
		"kept for less than an index is written": {
			with(map[string]string{"search.rotation": "OneMonth", "search.daysKept": "30"}),
			[]string{"log-pipeline:search.daysKept: "},
		},
		"subnets in one zone, and two are asked for": {
			inVPC(map[string]string{"search.size.zones": "2", "search.network.subnets": `[{"id":"subnet-0a1b2c3d","zone":"eu-west-1a"}]`}),
			[]string{"log-pipeline:search.network.subnets: 1 given, and log-pipeline:search.size.zones is 2: a domain has one in each zone"},
		},
		"two subnets in one zone": {
			inVPC(map[string]string{"search.network.subnets": `[{"id":"subnet-0a1b2c3d","zone":"eu-west-1a"},{"id":"subnet-1a1b2c3d","zone":"eu-west-1a"}]`}),
			[]string{"log-pipeline:search.network.subnets[1].zone: "},
		},
		"a network without security groups": {
			with(map[string]string{"search.network.subnets": `[{"id":"subnet-0a1b2c3d","zone":"eu-west-1a"}]`}),
			[]string{"log-pipeline:search.network.domainSecurityGroupIds: not set", "log-pipeline:search.network.clientSecurityGroupIds: not set"},
		},
		"a type too small for what is kept": {
			with(map[string]string{"search.size.instanceType": "t3.small.search", "load.peakRecordsPerSecond": "500", "load.meanRecordsPerSecond": "200"}),
			[]string{"log-pipeline:search.size.instances: "},
		},
		"people who sign in, and may do nothing": {
			with(map[string]string{"search.cognito.userPoolId": "eu-west-1_A", "search.cognito.identityPoolId": "eu-west-1:0b9e"}),
			[]string{"log-pipeline:search.readerRoleArns: "},
		},
		"Parquet, which the batch cannot read": {
			map[string]string{"delivery.format": "parquet"},
			[]string{"log-pipeline:delivery.format: the batch reads JSON alone: set log-pipeline:batch.enabled to false"},
		},
		"a key, by which the batch finds nothing": {
			map[string]string{"delivery.partitioning.name": "tenant", "delivery.partitioning.query": `.tenant // "none"`},
			[]string{"log-pipeline:delivery.partitioning: the batch finds objects by their time alone"},
		},
		"a key without a buffer": {
			map[string]string{
				"delivery.partitioning.name": "tenant", "delivery.partitioning.query": `.tenant // "none"`, "batch.enabled": "false", "delivery.bufferSeconds": "0",
			},
			[]string{"log-pipeline:delivery.bufferSeconds: not allowed with partitioning"},
		},
		"a small buffer for Parquet": {
			map[string]string{"delivery.format": "parquet", "batch.enabled": "false", "delivery.bufferMiB": "32"},
			[]string{"log-pipeline:delivery.bufferMiB: too small for format"},
		},
		"shards for the readers of two deliveries": {
			with(map[string]string{"load.peakRecordsPerSecond": "4000", "stream.mode": "PROVISIONED", "stream.shardCount": "3"}),
			[]string{"log-pipeline:stream.shardCount: "},
		},
	} {
		t.Run(name, func(t *testing.T) { assertFaults(t, test.change, test.want) })
	}
}

// The deliveries share what a shard serves: 2 MB/s, whoever reads.
func TestADomainIsOneMoreReaderOfTheStream(t *testing.T) {
	for enabled, readers := range map[string]int{"false": 1, "true": 2} {
		config, err := readConfig(minimal(map[string]string{"search.enabled": enabled}))
		require.NoError(t, err)
		assert.Equal(t, readers, config.Load.SharedReaders)
	}
}
