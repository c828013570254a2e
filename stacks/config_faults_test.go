package stacks

import (
	"maps"
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

// faulty are values that a key refuses for itself, with what is said about them.
var faulty = map[string]map[string]string{
	"region":           {"Ireland": "not allowed", "eu-west": "not allowed", "eu-west-1a": "not allowed", "mars-west-1": "not allowed"},
	"dataAccountId":    {"12345678901": "quote it", "1.23456789012e+11": "quote it", "1111-1111-1111": "not allowed", "1234567890123": "not allowed"},
	"dataRoleArn":      {"deploy": "not allowed", "arn:aws:iam::111111111111:user/x": "not allowed"},
	"dataExternalId":   {"x": "not allowed", "a b": "not allowed"},
	"serviceAccountId": {"22222222222": "quote it"},
	"serviceRegion":    {"mars": "not allowed"},
	"serviceRoleArn":   {"arn:aws:iam::2:role/x": "not allowed"},
	"serviceExternalId": {
		"x": "not allowed", strings.Repeat("x", 1_225): "not allowed",
	},
	"emulatorEndpoint": {"localhost:5000": "not allowed", "ftp://localhost": "not allowed", "http://": "not allowed", "http://a:b@host": "not allowed"},
	"tags": {
		"team": "not an object", "[]": "not an object", "null": "not an object", `{"a":1}`: `the value of "a" is not a string: quote it`,
		`{"AWS:x":"y"}`: "reserved by AWS", `{"":"y"}`: "not allowed", `{"a":"b;c"}`: "not allowed",
		`{"Stack":"x"}`: `the key "Stack" is the program's own Stack`, `{"managedby":"x"}`: `the key "managedby" is the program's own ManagedBy`,
		`{"Team":"x","team":"y"}`:                  `the keys "Team" and "team" differ only in case, which IAM refuses`,
		`{"a":"` + strings.Repeat("é", 257) + `"}`: "not allowed",
	},
	"peakRecordsPerSecond": {"0": "out of range", "many": "not an integer", "2.5": "not an integer", "100000001": "out of range"},
	"meanRecordsPerSecond": {"0": "out of range", "-1": "out of range", "1e3": "not an integer"},
	"meanRecordBytes":      {"0": "out of range", "1048577": "out of range", "1 KB": "not an integer"},
	"largestRecordBytes":   {"0": "out of range", "99999999": "out of range", "1048577": "would be dropped"},
	"burstFactor":          {"0.9": "out of range", "1001": "out of range", "NaN": "not a number", "Inf": "not a number", "twice": "not a number"},
	"burstSeconds":         {"-1": "out of range", "86401": "out of range", "5m": "not an integer"},
	"compressionRatio":     {"0.5": "out of range", "10:1": "not a number"},
	"minObjectMiB":         {"-1": "out of range", "129": "out of range", "big": "not a number"},
	"smallObjects":         {"ignore": "not allowed", "WARN": "not allowed"},
	"streamName":           {"my stream": "not allowed", strings.Repeat("x", 129): "not allowed"},
	"streamMode":           {"on-demand": "not allowed", "ON_DEMAND ": "not allowed"},
	"shardCount":           {"0": "out of range", "-1": "out of range", "100001": "out of range", "two": "not an integer"},
	"retentionHours":       {"23": "out of range", "8761": "out of range", "2d": "not an integer"},
	"fanOutConsumers": {
		"metrics": "not a list", "{}": "not a list", "null": "not a list", "[1]": "element 1 is not a string", `["a","b c"]`: "element 2 is not allowed",
		`["a","a"]`: "element 2 is there twice", `["` + strings.Join(strings.Split(strings.Repeat("x", 21), ""), `","`) + `"]`: "21 elements are too many",
	},
	"rawBufferMiB":            {"0": "out of range", "129": "out of range", "5MB": "not an integer"},
	"rawBufferSeconds":        {"-1": "out of range", "901": "out of range", "1m": "not an integer"},
	"appendDelimiter":         {"yes": "not a boolean", "1": "not a boolean"},
	"logRetentionDays":        {"0": "out of range", "2": "not allowed", "forever": "not an integer"},
	"rawInfrequentAccessDays": {"-1": "out of range", "29": "not allowed", "month": "not an integer"},
	"rawArchiveDays":          {"-1": "out of range", "36501": "out of range"},
	"rawExpiryDays":           {"-1": "out of range", "never": "not an integer"},
	"producerAccountIds":      {"333333333333": "not a list", "[333333333333]": "quote it", `["33333333333"]`: "element 1 is not allowed: an unquoted id"},
	"loggingNamespace":        {"Logging": "not allowed", "a.b": "not allowed"},
	"streamOutageSeconds":     {"-1": "out of range", "86401": "out of range", "1h": "not an integer"},
	"fluentdOutageSeconds":    {"-1": "out of range", "half": "not an integer"},
	"outputs":                 {"s3": "not a list", `["kinesis"]`: "element 1 is not allowed", `["s3","s3"]`: "element 2 is there twice"},
	"firehoseName":            {"a b": "not allowed"},
	"excludedNamespaces":      {`["Kube"]`: "element 1 is not allowed"},
	"redactFields":            {`["pass word"]`: "element 1 is not allowed"},
	"redactPatterns":          {`["("]`: "element 1 is not allowed"},
	"partitionKey":            {"node": "not allowed"},
	"oversizeRecords":         {"drop": "not allowed"},
	"side":                    {"left": "not allowed"},
	"writerExternalId":        {"x": "not allowed"},
	"writerRoleArn":           {"writer": "not allowed"},
	"failedBucketName":        {"Failed_Bucket": "not allowed"},
	"s3BucketName":            {"x y": "not allowed"},
	"producerRoleArns":        {`["fluentd"]`: "element 1 is not allowed"},
	"readerRoleArns":          {`["*"]`: "element 1 is not allowed"},
	"readerExternalId":        {"x": "not allowed"},
	"clusters":                {"shop": "not a list of objects", "[1]": "not a list of objects", "[null]": "not a list of objects", "{}": "not a list of objects"},
	"flows":                   {"all": "not a list of objects"},
	"protect":                 {"TRUE": "not a boolean"},
	"forceDestroy":            {"no": "not a boolean"},
}

// oneSide is what the keys need that are for the service account's half alone.
var oneSide = map[string]string{
	"serviceAccountId": "222222222222", "side": "service", "writerExternalId": "between-us", "failedBucketName": "failed",
	"outputs": `["stream","s3"]`, "s3BucketName": "direct",
	"clusters": `[{"name":"shop","issuer":"https://oidc.eks.eu-west-1.amazonaws.com/id/A","nodes":10}]`,
}

func TestFaultyValues(t *testing.T) {
	// What these keys need, so that the fault is theirs alone.
	needs := map[string]map[string]string{
		"dataExternalId":    {"dataRoleArn": "arn:aws:iam::111111111111:role/x"},
		"serviceRegion":     {"serviceAccountId": "222222222222"},
		"serviceRoleArn":    {"serviceAccountId": "222222222222"},
		"serviceExternalId": {"serviceAccountId": "222222222222", "serviceRoleArn": "arn:aws:iam::222222222222:role/x"},
		"shardCount":        {"streamMode": "PROVISIONED"},
		"firehoseName":      {"outputs": `["firehose"]`},
		"writerRoleArn":     oneSide,
		"failedBucketName":  oneSide,
		"s3BucketName":      oneSide,
	}
	for _, key := range configKeys {
		if key.name == "kubeconfig" {
			continue // any path may be one
		}
		require.NotEmpty(t, faulty[key.name], "%s has no faulty value here", key.name)
		for value, problem := range faulty[key.name] {
			t.Run(key.name+"="+value, func(t *testing.T) {
				config := minimal(maps.Clone(needs[key.name]))
				config.Values[namespace+key.name] = value
				got := lines(t, config)
				require.Len(t, got, 1, "%v", got)
				assert.True(t, strings.HasPrefix(got[0], namespace+key.name+": "), got[0])
				assert.Contains(t, got[0], problem)
				assert.Contains(t, got[0], "; allowed: "+key.allowedText())
				assert.Contains(t, got[0], "(given: ")
			})
		}
	}
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

func TestSecretsAreNotShown(t *testing.T) {
	config := minimal(map[string]string{
		"dataExternalId": "top secret", "serviceExternalId": "top secret", "dataExternalID": "top secret", "streamName": "top secret",
	})
	config.Secret = map[string]bool{namespace + "streamName": true}
	got := strings.Join(lines(t, config), "\n")
	assert.NotContains(t, got, "top secret")
	assert.Contains(t, got, "log-pipeline:dataExternalId: not allowed (given: a secret)")
	assert.Contains(t, got, "log-pipeline:streamName: not allowed (given: a secret)", "whatever Pulumi has encrypted")
}

func TestLongValuesAreCut(t *testing.T) {
	got := lines(t, minimal(map[string]string{"smallObjects": strings.Repeat("é\n", 5_000)}))
	require.Len(t, got, 1, "a line each")
	assert.Less(t, len(got[0]), 600)
}
