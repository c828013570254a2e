package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/settings"
)

func TestSideFaults(t *testing.T) {
	data := map[string]string{"accounts.side": "data"}
	service := map[string]string{"accounts.side": "service", "access.failedBucketName": "failed"}
	for name, test := range map[string]struct {
		side, change map[string]string
		want         []string // beginnings
	}{
		"the service account's half without what the other would tell": {
			map[string]string{"accounts.side": "service", "logging.outputs": `["stream","s3"]`}, nil, []string{
				"log-pipeline:access.failedBucketName: not set, but needed with log-pipeline:accounts.side service",
				"log-pipeline:access.s3BucketName: not set, but needed with log-pipeline:accounts.side service",
			},
		},
		"what only the service account's half needs": {
			nil, map[string]string{"access.failedBucketName": "failed", "access.writerRoleArn": "arn:aws:iam::111111111111:role/w"}, []string{
				"log-pipeline:access.writerRoleArn: has no effect unless log-pipeline:accounts.side is service",
				"log-pipeline:access.failedBucketName: has no effect unless log-pipeline:accounts.side is service",
			},
		},
		"the service account's half without clusters": {
			service, map[string]string{"clusters": "", "access.writerExternalId": ""},
			[]string{"log-pipeline:clusters: not set, but there is nothing to make without any"},
		},
		"a writer role of another account": {
			service, map[string]string{"access.writerRoleArn": "arn:aws:iam::333333333333:role/w"},
			[]string{"log-pipeline:access.writerRoleArn: the role is not in the account 111111111111"},
		},
		"a writer role of another partition": {
			service, map[string]string{"access.writerRoleArn": "arn:aws-cn:iam::111111111111:role/w"},
			[]string{"log-pipeline:access.writerRoleArn: the role is in the partition aws-cn, and the region eu-west-1 in aws (given: "},
		},
		"what only the data account's half reads": {
			service, map[string]string{
				"accounts.data.roleArn": "arn:aws:iam::111111111111:role/x", "dataExternalId": "data-external", "stream.retentionHours": "24",
				"stream.fanOutConsumers": `["metrics"]`, "stream.producerAccountIds": `["333333333333"]`,
				"access.producerRoleArns": `["arn:aws:iam::111111111111:role/p"]`, "access.readerRoleArns": `["arn:aws:iam::111111111111:role/r"]`,
				"access.readerExternalId": "for-reading",
			}, []string{
				`log-pipeline:accounts.data.roleArn: has no effect unless log-pipeline:accounts.side is both or data (given: "arn:aws:iam::111111111111:role/x"); allowed: `,
				"log-pipeline:dataExternalId: has no effect unless log-pipeline:accounts.side is both or data (given: [secret]); allowed: ",
				`log-pipeline:stream.retentionHours: has no effect unless log-pipeline:accounts.side is both or data (given: "24"); allowed: `,
				"log-pipeline:stream.fanOutConsumers: has no effect unless log-pipeline:accounts.side is both or data",
				"log-pipeline:stream.producerAccountIds: has no effect unless log-pipeline:accounts.side is both or data",
				"log-pipeline:access.producerRoleArns: has no effect unless log-pipeline:accounts.side is both or data",
				"log-pipeline:access.readerRoleArns: has no effect unless log-pipeline:accounts.side is both or data",
				"log-pipeline:access.readerExternalId: has no effect unless log-pipeline:accounts.side is both or data",
			},
		},
		"a bucket that nothing is written to": {
			service, map[string]string{"access.s3BucketName": "direct"},
			[]string{"log-pipeline:access.s3BucketName: has no effect without the output s3 in log-pipeline:logging.outputs"},
		},
		"what the outputs have nothing to do with": {
			nil, map[string]string{"logging.outputs": `["kinesis"]`, "access.failedBucketName": "failed"}, []string{
				"log-pipeline:logging.outputs[0]: not allowed",
				"log-pipeline:access.failedBucketName: has no effect unless log-pipeline:accounts.side is service",
			},
		},
		"what the service account's region has nothing to do with": {
			data, map[string]string{"accounts.service.region": "mars", "kubeconfig": "/etc/kubeconfig"}, []string{
				"log-pipeline:accounts.service.region: not a region",
				"log-pipeline:kubeconfig: has no effect unless log-pipeline:accounts.side is both or service",
			},
		},
		"roles that nobody reads, one of which is none": {
			service, map[string]string{"access.producerRoleArns": `["x"]`}, []string{"log-pipeline:access.producerRoleArns[0]: not allowed"},
		},
		"producers that are none, and no clusters": {
			data, map[string]string{"clusters": "", "access.producerRoleArns": `["x"]`}, []string{"log-pipeline:access.producerRoleArns[0]: not allowed"},
		},
		"the lifecycle of the other half": {
			service, map[string]string{"lake.expiryDays": "5"}, []string{"log-pipeline:lake.expiryDays: too early"},
		},
		"more clusters than a trust policy of the other half holds": {
			service, map[string]string{"clusters": manyClusters(20), "load.peakRecordsPerSecond": "200000", "namePrefix": strings.Repeat("p", 40)},
			[]string{"log-pipeline:access.producerRoleArns: 20 roles make a trust policy of"},
		},
		"what only the service account's half reads": {
			data, map[string]string{
				"kubeconfig": "/etc/kubeconfig", "accounts.service.roleArn": "arn:aws:iam::222222222222:role/x", "serviceExternalId": "service-external",
			}, []string{
				"log-pipeline:accounts.service.roleArn: has no effect unless log-pipeline:accounts.side is both or service",
				"log-pipeline:serviceExternalId: has no effect unless log-pipeline:accounts.side is both or service",
				"log-pipeline:kubeconfig: has no effect unless log-pipeline:accounts.side is both or service",
			},
		},
		"the data account's half with nobody to write": {
			data, map[string]string{"clusters": "", "access.writerExternalId": ""}, []string{
				"log-pipeline:access.producerRoleArns: not set, but with log-pipeline:accounts.side data nobody could write: set it, or log-pipeline:clusters; allowed: ",
			},
		},
		"an external id that nobody gives": {
			nil, map[string]string{"clusters": ""}, []string{
				`log-pipeline:access.writerExternalId: has no effect without log-pipeline:clusters and producerRoleArns: nobody gives it (given: "between-us")`,
			},
		},
		"an external id of no readers": {
			nil, map[string]string{"access.readerExternalId": "for-reading"},
			[]string{`log-pipeline:access.readerExternalId: has no effect without readerRoleArns: nobody gives it (given: "for-reading")`},
		},
		"two accounts and one set of credentials": {
			nil, map[string]string{"accounts.service.roleArn": ""},
			[]string{"log-pipeline:accounts.service.roleArn: not set, and log-pipeline:accounts.data.roleArn neither: one set of credentials is in one account; allowed: "},
		},
		"a fault in a cluster hides none of a role": {
			nil, map[string]string{"access.writerExternalId": "", "clusters": list(shop(`"podsPerNode":0`))}, []string{
				"log-pipeline:clusters[0].podsPerNode: out of range",
				"log-pipeline:access.writerExternalId: not set, and arn:aws:iam::222222222222:role/log-pipeline-dev-shop-fluentd is of another account",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			change := twoAccounts(test.side)
			maps.Copy(change, test.change)
			assertFaults(t, change, test.want)
		})
	}
}

func manyClusters(n int) string {
	clusters := make([]string, n)
	for i := range clusters {
		clusters[i] = fmt.Sprintf(`{"name":"cluster-%d","issuer":"%s%d","nodes":10}`, i, issuer, i)
	}
	return list(clusters...)
}

func TestOneAccountHasNoSides(t *testing.T) {
	for _, side := range []string{"data", "service"} {
		assertFaults(t, map[string]string{"accounts.side": side}, []string{"log-pipeline:accounts.side: needs service, which is not set"})
	}
}

// What the engine fills in from Pulumi.yaml is not what somebody has set.
func TestDefaultsAreForBothSides(t *testing.T) {
	for side, change := range map[Side]map[string]string{
		sideData: {}, sideService: {"access.failedBucketName": "failed"},
	} {
		change["accounts.side"] = string(side)
		change = twoAccounts(change)
		for _, section := range Settings().Describe() {
			eachThere(section, change, func(s settings.Setting) {
				path := string(s.Path)
				if _, set := change[path]; !set && !s.Required && !strings.Contains(path, "[]") {
					change[path] = s.Default
				}
			})
		}
		_, err := readConfig(minimal(change))
		require.NoError(t, err, side)
	}
}

// eachThere is each without the settings of sections that are not there unless somebody sets one of them.
func eachThere(s settings.Setting, given map[string]string, visit func(settings.Setting)) {
	isGiven := func(path string) bool { return strings.HasPrefix(path, string(s.Path)+".") }
	if s.Kind == settings.OptionalKind && !slices.ContainsFunc(slices.Collect(maps.Keys(given)), isGiven) {
		return
	}
	if len(s.Settings) == 0 {
		visit(s)
	}
	for _, in := range s.Settings {
		eachThere(in, given, visit)
	}
}

func TestOneSetOfCredentialsIsEnoughForTheEmulator(t *testing.T) {
	_, err := readConfig(minimal(twoAccounts(map[string]string{"accounts.service.roleArn": "", "emulatorEndpoint": "http://127.0.0.1:5000"})))
	assert.NoError(t, err)
}
