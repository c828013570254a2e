package stacks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMissingKeys(t *testing.T) {
	assert.Equal(t, []string{
		"log-pipeline:region: not set, but required; allowed: an AWS region such as eu-west-1",
		"log-pipeline:dataAccountId: not set, but required; allowed: 12 digits, quoted",
		"log-pipeline:peakRecordsPerSecond: not set, but required; allowed: an integer from 1 to 100000000",
		"log-pipeline:meanRecordsPerSecond: not set, but required; allowed: an integer from 1 to 100000000",
	}, lines(t, raw(nil)))
}

func TestContradictions(t *testing.T) {
	for name, test := range map[string]struct {
		change map[string]string
		want   []string // beginnings
	}{
		"external id without a role": {
			map[string]string{"dataExternalId": "abc"},
			[]string{"log-pipeline:dataExternalId: needs log-pipeline:dataRoleArn, which is not set"},
		},
		"role of another account": {
			map[string]string{"dataRoleArn": "arn:aws:iam::333333333333:role/x"},
			[]string{"log-pipeline:dataRoleArn: the role is not in the account 111111111111"},
		},
		"role of another partition": {
			map[string]string{"region": "cn-north-1", "dataRoleArn": "arn:aws:iam::111111111111:role/x"},
			[]string{"log-pipeline:dataRoleArn: the role is in the partition aws, and the region cn-north-1 in aws-cn"},
		},
		"accounts of two partitions": {
			map[string]string{
				"serviceAccountId": "222222222222", "serviceRegion": "us-gov-west-1", "serviceRoleArn": "arn:aws:iam::222222222222:role/x",
			},
			[]string{
				"log-pipeline:serviceRegion: in the partition aws-us-gov, and log-pipeline:region in aws: no role can be assumed",
				"log-pipeline:serviceRoleArn: the role is in the partition aws, and the region us-gov-west-1 in aws-us-gov",
			},
		},
		"service role of another partition than the data account's region": {
			map[string]string{"serviceAccountId": "222222222222", "serviceRoleArn": "arn:aws-cn:iam::222222222222:role/x"},
			[]string{"log-pipeline:serviceRoleArn: the role is in the partition aws-cn, and the region eu-west-1 in aws"},
		},
		"service keys without a service account": {
			map[string]string{"serviceRegion": "us-east-1", "serviceRoleArn": "arn:aws:iam::222222222222:role/x", "serviceExternalId": "abc"},
			[]string{
				"log-pipeline:serviceRegion: needs log-pipeline:serviceAccountId",
				"log-pipeline:serviceRoleArn: needs log-pipeline:serviceAccountId",
				"log-pipeline:serviceExternalId: needs log-pipeline:serviceAccountId",
			},
		},
		"service external id without a role": {
			map[string]string{"serviceAccountId": "222222222222", "serviceExternalId": "abc"},
			[]string{"log-pipeline:serviceExternalId: needs log-pipeline:serviceRoleArn"},
		},
		"service role of another account": {
			map[string]string{"serviceAccountId": "222222222222", "serviceRoleArn": "arn:aws:iam::333333333333:role/x"},
			[]string{"log-pipeline:serviceRoleArn: the role is not in the account 222222222222"},
		},
		"one account twice": {
			map[string]string{"serviceAccountId": "111111111111"},
			[]string{"log-pipeline:serviceAccountId: the same account and region as the data account"},
		},
		"provisioned with no shards": {
			map[string]string{"streamMode": "PROVISIONED"},
			[]string{"log-pipeline:shardCount: the mode PROVISIONED needs a shard count: 2 take the peak"},
		},
		"on-demand with shards": {
			map[string]string{"streamMode": "ON_DEMAND", "shardCount": "4"},
			[]string{"log-pipeline:shardCount: 4 shards contradict the mode ON_DEMAND"},
		},
		"shards with no mode": {
			map[string]string{"shardCount": "4"},
			[]string{"log-pipeline:shardCount: 4 shards need the mode PROVISIONED"},
		},
		"too few shards": {
			map[string]string{"streamMode": "PROVISIONED", "shardCount": "1"},
			[]string{`log-pipeline:shardCount: the peak writes 2 MB/s and 2000 records/s and 1 shard takes 1 MB/s and 1000 records/s: at least 2 shards are needed (4 take the burst too) (given: "1"); nearest: 2; allowed: `},
		},
		"mean over peak": {
			map[string]string{"meanRecordsPerSecond": "2001"},
			[]string{"log-pipeline:meanRecordsPerSecond: the mean rate of 2001"},
		},
		"mean record over the largest": {
			map[string]string{"largestRecordBytes": "500"},
			[]string{`log-pipeline:meanRecordBytes: the mean record of 1000 bytes is above the largest of 500 bytes: at most the largest is possible (default: "1000"); nearest: 500; allowed: `},
		},
		"small objects refused": {
			map[string]string{"rawBufferSeconds": "1", "smallObjects": "refuse"},
			[]string{"log-pipeline:rawBufferSeconds: a buffer of 128 MiB or 1 s"},
		},
		"archive too soon after infrequent access": {
			map[string]string{"rawInfrequentAccessDays": "61"},
			[]string{"log-pipeline:rawArchiveDays: too early: objects stay in STANDARD_IA for 30 days and arrive there after 61, so 91 is the least (default"},
		},
		"expiry on the day of the last tier": {
			map[string]string{"rawExpiryDays": "90"},
			[]string{"log-pipeline:rawExpiryDays: too early: the last tier is reached after 90 days, so 91 is the least"},
		},
		"expiry before the first tier, with no archive": {
			map[string]string{"rawExpiryDays": "20", "rawArchiveDays": "0"},
			[]string{"log-pipeline:rawExpiryDays: too early: the last tier is reached after 30 days"},
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

func TestStreamNameFromTheStack(t *testing.T) {
	config := minimal(nil)
	config.Stack = strings.Repeat("x", 120)
	assert.Contains(t, lines(t, config)[0], "log-pipeline:streamName: not set, and")

	config.Values[namespace+"streamName"] = "logs"
	_, err := parseConfig(config)
	assert.NoError(t, err)
}

// The rule is AWS's own, which lets a name begin and end with anything.
func TestNamesThatKinesisTakes(t *testing.T) {
	config := minimal(map[string]string{"streamName": "_logs", "fanOutConsumers": `["metrics-"]`})
	assert.True(t, assertWholeOrNothing(t, config.Values))
}

func TestNeverTiers(t *testing.T) {
	for name, change := range map[string]map[string]string{
		"no infrequent access": {"rawInfrequentAccessDays": "0", "rawArchiveDays": "1", "rawExpiryDays": "2"},
		"no archive":           {"rawArchiveDays": "0", "rawExpiryDays": "31"},
		"no expiry":            {"rawExpiryDays": "0"},
		"the least apart":      {"rawArchiveDays": "60", "rawExpiryDays": "61"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseConfig(minimal(change))
			assert.NoError(t, err)
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	_, err := parseConfig(raw(map[string]string{
		"dataAccountId":        "11111111111",
		"peakRecordsPerSecond": "lots",
		"meanRecordsPerSecond": "500",
		"streamMode":           "PROVISIONED",
		"retentionHours":       "12",
		"forceDestroy":         "true",
		"retentionHour":        "48",
		"aws:region":           "eu-west-1",
	}))
	require.Error(t, err)
	assert.Equal(t, strings.Join([]string{
		`the configuration of stack "dev" has 8 faults, and nothing is changed:`,
		`  log-pipeline:region: not set, but required; allowed: an AWS region such as eu-west-1`,
		`  log-pipeline:dataAccountId: not allowed: an unquoted id that starts with 0 loses digits in YAML, so quote it (given: "11111111111"); allowed: 12 digits, quoted`,
		`  log-pipeline:peakRecordsPerSecond: not an integer (given: "lots"); allowed: an integer from 1 to 100000000`,
		`  log-pipeline:shardCount: the mode PROVISIONED needs a shard count; allowed: an integer from 1 to 100000`,
		`  log-pipeline:retentionHours: out of range (given: "12"); allowed: an integer from 24 to 8760`,
		`  log-pipeline:forceDestroy: contradicts log-pipeline:protect, which is true unless it is set (given: "true"); allowed: true or false`,
		`  aws:region: has no effect, as default providers are disabled; use log-pipeline:region`,
		`  log-pipeline:retentionHour: unknown key; the nearest is log-pipeline:retentionHours`,
	}, "\n"), err.Error())
}

// A fault is reported once, and not again as what follows from it.
func TestFaultsDoNotEcho(t *testing.T) {
	for name, change := range map[string]map[string]string{
		"a mode that cannot be read":           {"streamMode": "provisioned", "shardCount": "4"},
		"shards that cannot be read":           {"streamMode": "PROVISIONED", "shardCount": "four"},
		"a peak that cannot be read":           {"peakRecordsPerSecond": "x"},
		"a mean that cannot be read":           {"meanRecordsPerSecond": "x"},
		"a largest record that cannot be read": {"largestRecordBytes": "big", "meanRecordBytes": "300000"},
		"a mean record that cannot be read":    {"meanRecordBytes": "x", "smallObjects": "refuse", "rawBufferSeconds": "60"},
		"a ratio that cannot be read":          {"compressionRatio": "x", "smallObjects": "refuse", "rawBufferSeconds": "60"},
		"a floor that cannot be read":          {"minObjectMiB": "x", "smallObjects": "refuse", "rawBufferSeconds": "60"},
		"a buffer that cannot be read":         {"rawBufferSeconds": "x", "smallObjects": "refuse", "minObjectMiB": "20"},
		"a region that cannot be read":         {"region": "x", "dataRoleArn": "arn:aws-cn:iam::111111111111:role/x"},
		"a service region that cannot be read": {
			"serviceAccountId": "111111111111", "serviceRegion": "x", "serviceRoleArn": "arn:aws-cn:iam::111111111111:role/x",
		},
		"an age that cannot be read":   {"rawArchiveDays": "x", "rawInfrequentAccessDays": "100"},
		"a switch that cannot be read": {"protect": "x", "forceDestroy": "true"},
		"an id that cannot be read":    {"dataAccountId": "x", "dataRoleArn": "arn:aws:iam::111111111111:role/x"},
	} {
		t.Run(name, func(t *testing.T) {
			got := lines(t, minimal(change))
			assert.Len(t, got, 1, "%v", got)
		})
	}
}

func TestUnknownKeys(t *testing.T) {
	for given, nearest := range map[string]string{
		"shardcount": "shardCount", "dataAccountID": "dataAccountId", "retention": "retentionHours", "rawBufferMB": "rawBufferMiB",
	} {
		t.Run(given, func(t *testing.T) {
			got := lines(t, minimal(map[string]string{given: "hidden"}))
			assert.Equal(t, []string{namespace + given + ": unknown key; the nearest is " + namespace + nearest}, got)
		})
	}
}

func TestKeysOfTheProviders(t *testing.T) {
	for given, advice := range map[string]string{
		"aws:region": "use log-pipeline:region", "aws:assumeRole": "use log-pipeline:dataRoleArn", "aws:defaultTags": "use log-pipeline:tags",
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
	got := lines(t, minimal(map[string]string{"smallObjects": strings.Repeat("é\n", 5_000)}))
	require.Len(t, got, 1, "a line each")
	assert.Less(t, len(got[0]), 600)
}
