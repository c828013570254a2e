package stacks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMissingKeys(t *testing.T) {
	assert.Equal(t, []string{
		"log-pipeline:accounts.data.id: not set, but required; allowed: 12 digits, quoted",
		"log-pipeline:accounts.data.region: not set, but required; allowed: an AWS region such as eu-west-1",
		"log-pipeline:load.peakRecordsPerSecond: not set, but required; allowed: an integer from 1 to 100000000",
		"log-pipeline:load.meanRecordsPerSecond: not set, but required; allowed: an integer from 1 to 100000000",
	}, lines(t, raw(nil)))
}

func TestContradictions(t *testing.T) {
	for name, test := range map[string]struct {
		change map[string]string
		want   []string // beginnings
	}{
		"external id without a role": {
			map[string]string{"dataExternalId": "abc"},
			[]string{"log-pipeline:dataExternalId: needs log-pipeline:accounts.data.roleArn, which is not set"},
		},
		"role of another account": {
			map[string]string{"accounts.data.roleArn": "arn:aws:iam::333333333333:role/x"},
			[]string{"log-pipeline:accounts.data.roleArn: the role is not in the account 111111111111"},
		},
		"role of another partition": {
			map[string]string{"accounts.data.region": "cn-north-1", "accounts.data.roleArn": "arn:aws:iam::111111111111:role/x"},
			[]string{"log-pipeline:accounts.data.roleArn: the role is in the partition aws, and the region cn-north-1 in aws-cn"},
		},
		"accounts of two partitions": {
			map[string]string{
				"accounts.service.id": "222222222222", "accounts.service.region": "us-gov-west-1", "accounts.service.roleArn": "arn:aws:iam::222222222222:role/x",
			},
			[]string{
				"log-pipeline:accounts.service.region: in the partition aws-us-gov, and log-pipeline:accounts.data.region in aws: no role can be assumed",
				"log-pipeline:accounts.service.roleArn: the role is in the partition aws, and the region us-gov-west-1 in aws-us-gov",
			},
		},
		"service role of another partition than the data account's region": {
			map[string]string{"accounts.service.id": "222222222222", "accounts.service.roleArn": "arn:aws-cn:iam::222222222222:role/x"},
			[]string{"log-pipeline:accounts.service.roleArn: the role is in the partition aws-cn, and the region eu-west-1 in aws"},
		},
		"service keys without a service account": {
			map[string]string{"accounts.service.region": "us-east-1", "accounts.service.roleArn": "arn:aws:iam::222222222222:role/x", "serviceExternalId": "abc"},
			[]string{
				"log-pipeline:accounts.service.id: not set, but required; allowed: 12 digits",
			},
		},
		"a key of a section that is absent": {
			map[string]string{"serviceExternalId": "abc"},
			[]string{"log-pipeline:serviceExternalId: has no effect without log-pipeline:accounts.service (given: [secret])"},
		},
		"a section that is not an object": {
			map[string]string{"load": "200", "stream": `["logs"]`}, []string{
				`log-pipeline:load: not an object (given: "200"); allowed: an object with peakRecordsPerSecond (required), `,
				`log-pipeline:stream: not an object (given: "[\"logs\"]"); allowed: an object with name, `,
			},
		},
		"service external id without a role": {
			map[string]string{"accounts.service.id": "222222222222", "serviceExternalId": "abc"},
			[]string{"log-pipeline:serviceExternalId: needs log-pipeline:accounts.service.roleArn"},
		},
		"service role of another account": {
			map[string]string{"accounts.service.id": "222222222222", "accounts.service.roleArn": "arn:aws:iam::333333333333:role/x"},
			[]string{"log-pipeline:accounts.service.roleArn: the role is not in the account 222222222222"},
		},
		"one account twice": {
			map[string]string{"accounts.service.id": "111111111111"},
			[]string{"log-pipeline:accounts.service.id: the same account and region as the data account"},
		},
		"provisioned with no shards": {
			map[string]string{"stream.mode": "PROVISIONED"},
			[]string{"log-pipeline:stream.shardCount: the mode PROVISIONED needs a shard count: 2 take the peak"},
		},
		"on-demand with shards": {
			map[string]string{"stream.mode": "ON_DEMAND", "stream.shardCount": "4"},
			[]string{"log-pipeline:stream.shardCount: 4 shards contradict the mode ON_DEMAND"},
		},
		"shards with no mode": {
			map[string]string{"stream.shardCount": "4"},
			[]string{"log-pipeline:stream.shardCount: 4 shards need the mode PROVISIONED"},
		},
		"too few shards": {
			map[string]string{"stream.mode": "PROVISIONED", "stream.shardCount": "1"},
			[]string{`log-pipeline:stream.shardCount: the peak writes 2 MB/s and 2000 records/s and 1 shard takes 1 MB/s and 1000 records/s: at least 2 shards are needed (4 take the burst too) (given: "1"); nearest: 2; allowed: `},
		},
		"mean over peak": {
			map[string]string{"load.meanRecordsPerSecond": "2001"},
			[]string{"log-pipeline:load.meanRecordsPerSecond: the mean rate of 2001"},
		},
		"mean record over the largest": {
			map[string]string{"load.largestRecordBytes": "500"},
			[]string{`log-pipeline:load.meanRecordBytes: the mean record of 1000 bytes is above the largest of 500 bytes (default: "1000"); nearest: 500; allowed: `},
		},
		"small objects refused": {
			map[string]string{"delivery.bufferSeconds": "1", "delivery.smallObjects": "refuse"},
			[]string{"log-pipeline:delivery.bufferSeconds: a buffer of 128 MiB or 1 s"},
		},
		"archive too soon after infrequent access": {
			map[string]string{"lake.infrequentAccessDays": "61"},
			[]string{"log-pipeline:lake.archiveDays: too early: objects stay in STANDARD_IA for 30 days and arrive there after 61, so 91 is the least (default"},
		},
		"expiry on the day of the last tier": {
			map[string]string{"lake.expiryDays": "90"},
			[]string{"log-pipeline:lake.expiryDays: too early: the last tier is reached after 90 days, so 91 is the least"},
		},
		"expiry before the first tier, with no archive": {
			map[string]string{"lake.expiryDays": "20", "lake.archiveDays": "0"},
			[]string{"log-pipeline:lake.expiryDays: too early: the last tier is reached after 30 days"},
		},
		"the account's catalog by a key that may go": {
			map[string]string{"warehouse.encryptCatalog": "true", "protect": "false"},
			[]string{"log-pipeline:warehouse.encryptCatalog: needs log-pipeline:protect: without the key nobody can read the account's catalog any more"},
		},
		"force against protect": {
			map[string]string{"forceDestroy": "true"},
			[]string{"log-pipeline:forceDestroy: contradicts log-pipeline:protect"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := lines(t, minimal(test.change))
			require.Len(t, got, len(test.want), "%v", got)
			for i, want := range test.want {
				assert.True(t, strings.HasPrefix(got[i], want), "%s\nis to begin with\n%s", got[i], want)
			}
		})
	}
}

func TestNamesFromTheStack(t *testing.T) {
	config := minimal(nil)
	config.Stack = strings.Repeat("x", 120)
	got := lines(t, config)
	require.Len(t, got, 1, "%v", got)
	assert.Contains(t, got[0], "log-pipeline:namePrefix: not set, and")

	config.Values[namespace+"namePrefix"] = "logs"
	_, err := readConfig(config)
	assert.NoError(t, err)
}

// The rule is AWS's own, which lets a name begin and end with anything.
func TestNamesThatKinesisTakes(t *testing.T) {
	config := minimal(map[string]string{"stream.name": "_logs", "stream.fanOutConsumers": `["metrics-"]`})
	assert.True(t, assertWholeOrNothing(t, config.Values))
}

func TestNeverTiers(t *testing.T) {
	for name, change := range map[string]map[string]string{
		"no infrequent access": {"lake.infrequentAccessDays": "0", "lake.archiveDays": "1", "lake.expiryDays": "2"},
		"no archive":           {"lake.archiveDays": "0", "lake.expiryDays": "31"},
		"no expiry":            {"lake.expiryDays": "0"},
		"the least apart":      {"lake.archiveDays": "60", "lake.expiryDays": "61"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readConfig(minimal(change))
			assert.NoError(t, err)
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	_, err := readConfig(raw(map[string]string{
		"accounts.data.id":          "11111111111",
		"load.peakRecordsPerSecond": "lots",
		"load.meanRecordsPerSecond": "500",
		"stream.mode":               "PROVISIONED",
		"stream.retentionHours":     "12",
		"forceDestroy":              "true",
		"retentionHour":             "48",
		"aws:region":                "eu-west-1",
	}))
	require.Error(t, err)
	assert.Equal(t, strings.Join([]string{
		`the configuration of stack "dev" has 8 faults, and nothing is changed:`,
		`  log-pipeline:accounts.data.id: not allowed: an unquoted id that starts with 0 loses digits in YAML, so quote it (given: "11111111111"); allowed: 12 digits, quoted`,
		`  log-pipeline:accounts.data.region: not set, but required; allowed: an AWS region such as eu-west-1`,
		`  log-pipeline:load.peakRecordsPerSecond: not an integer (given: "lots"); allowed: an integer from 1 to 100000000`,
		`  log-pipeline:stream.shardCount: the mode PROVISIONED needs a shard count; allowed: an integer from 1 to 100000`,
		`  log-pipeline:stream.retentionHours: out of range (given: "12"); allowed: an integer from 24 to 8760`,
		`  log-pipeline:forceDestroy: contradicts log-pipeline:protect (given: "true"); allowed: true or false`,
		`  log-pipeline:retentionHour: unknown key; the nearest is log-pipeline:stream.retentionHours`,
		`  aws:region: has no effect, as default providers are disabled; use log-pipeline:accounts.data.region`,
	}, "\n"), err.Error())
}

// A fault is reported once, and not again as what follows from it.
func TestFaultsDoNotEcho(t *testing.T) {
	for name, change := range map[string]map[string]string{
		"a mode that cannot be read":           {"stream.mode": "provisioned", "stream.shardCount": "4"},
		"shards that cannot be read":           {"stream.mode": "PROVISIONED", "stream.shardCount": "four"},
		"a peak that cannot be read":           {"load.peakRecordsPerSecond": "x"},
		"a mean that cannot be read":           {"load.meanRecordsPerSecond": "x"},
		"a largest record that cannot be read": {"load.largestRecordBytes": "big", "load.meanRecordBytes": "300000"},
		"a mean record that cannot be read":    {"load.meanRecordBytes": "x", "delivery.smallObjects": "refuse", "delivery.bufferSeconds": "60"},
		"a ratio that cannot be read":          {"delivery.compressionRatio": "x", "delivery.smallObjects": "refuse", "delivery.bufferSeconds": "60"},
		"a floor that cannot be read":          {"delivery.minObjectMiB": "x", "delivery.smallObjects": "refuse", "delivery.bufferSeconds": "60"},
		"a buffer that cannot be read":         {"delivery.bufferSeconds": "x", "delivery.smallObjects": "refuse", "delivery.minObjectMiB": "20"},
		"a region that cannot be read":         {"accounts.data.region": "x", "accounts.data.roleArn": "arn:aws-cn:iam::111111111111:role/x"},
		"a service region that cannot be read": {
			"accounts.service.id": "111111111111", "accounts.service.region": "x", "accounts.service.roleArn": "arn:aws-cn:iam::111111111111:role/x",
		},
		"an age that cannot be read":   {"lake.archiveDays": "x", "lake.infrequentAccessDays": "100"},
		"a switch that cannot be read": {"protect": "x", "forceDestroy": "true"},
		"an id that cannot be read":    {"accounts.data.id": "x", "accounts.data.roleArn": "arn:aws:iam::111111111111:role/x"},
	} {
		t.Run(name, func(t *testing.T) {
			got := lines(t, minimal(change))
			assert.Len(t, got, 1, "%v", got)
		})
	}
}

func TestUnknownKeys(t *testing.T) {
	for given, nearest := range map[string]string{
		"shardcount": "stream.shardCount", "streamName": "stream.name", "retention": "stream.retentionHours", "strem": "stream",
		"stream.shardcount": "shardCount", "delivery.bufferMB": "bufferMiB", "load.retentionHours": "log-pipeline:stream.retentionHours",
		"stream.bufferMiB": "log-pipeline:delivery.bufferMiB", "accounts.service.arn": "roleArn",
	} {
		t.Run(given, func(t *testing.T) {
			got := lines(t, minimal(map[string]string{given: "hidden"}))
			if !strings.Contains(given, ".") {
				nearest = namespace + nearest
			}
			assert.Contains(t, got, namespace+given+": unknown key; the nearest is "+nearest)
			assert.NotContains(t, strings.Join(got, "\n"), "hidden")
		})
	}
}

func TestKeysOfTheProviders(t *testing.T) {
	for given, advice := range map[string]string{
		"aws:region": "use log-pipeline:accounts.data.region", "aws:assumeRole": "use log-pipeline:accounts.data.roleArn", "aws:defaultTags": "use log-pipeline:tags",
		"aws:secretKey": "credentials come from the environment", "kubernetes:context": "use log-pipeline:clusters and log-pipeline:kubeconfig",
	} {
		t.Run(given, func(t *testing.T) {
			got := lines(t, minimal(map[string]string{given: "hidden"}))
			require.Len(t, got, 1)
			assert.True(t, strings.HasPrefix(got[0], given+": has no effect"))
			assert.Contains(t, got[0], advice)
			assert.NotContains(t, got[0], "hidden")
		})
	}
}

func TestLongValuesAreCut(t *testing.T) {
	got := lines(t, minimal(map[string]string{"delivery.smallObjects": strings.Repeat("é\n", 5_000)}))
	require.Len(t, got, 1, "a line each")
	assert.Less(t, len(got[0]), 600)
}
