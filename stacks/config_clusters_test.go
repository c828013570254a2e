package stacks

import (
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const issuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/A"

// shop is one cluster, with changes to its fields as JSON.
func shop(changes ...string) string {
	fields := append([]string{`"name":"shop"`, `"issuer":"` + issuer + `"`, `"nodes":10`}, changes...)
	return "{" + strings.Join(fields, ",") + "}"
}

func list(objects ...string) string { return "[" + strings.Join(objects, ",") + "]" }

// twoAccounts is what a cluster in an account of its own needs.
func twoAccounts(change map[string]string) map[string]string {
	values := map[string]string{
		"accounts.service.id": "222222222222", "access.writerExternalId": "between-us", "clusters": list(shop()),
	}
	if change["accounts.side"] != string(sideData) {
		values["accounts.service.roleArn"] = "arn:aws:iam::222222222222:role/deploy"
	}
	maps.Copy(values, change)
	return values
}

func TestClusterFaults(t *testing.T) {
	other := `{"name":"other","issuer":"` + issuer + `B","nodes":10}`
	for name, test := range map[string]struct {
		change map[string]string
		want   []string // beginnings
	}{
		"nothing that is required": {
			map[string]string{"clusters": `[{}]`}, []string{
				"log-pipeline:clusters[0].name: not set, but required; allowed: 1 to 63",
				"log-pipeline:clusters[0].issuer: not set, but required; allowed: an https URL",
				"log-pipeline:clusters[0].nodes: not set, but required; allowed: an integer from 1 to 15000",
			},
		},
		"fields that are wrong": {
			map[string]string{"clusters": list(shop(`"podsPerNode":0`, `"prometheus":"yes"`, `"node":3`))}, []string{
				`log-pipeline:clusters[0].prometheus: not a boolean (given: "yes"); allowed: true or false`,
				`log-pipeline:clusters[0].podsPerNode: out of range (given: "0"); allowed: an integer from 1 to 737`,
				"log-pipeline:clusters[0].node: unknown key; the nearest is nodes",
			},
		},
		"an issuer that is none": {
			map[string]string{"clusters": `[{"name":"shop","issuer":"http://oidc","nodes":1}]`},
			[]string{`log-pipeline:clusters[0].issuer: not allowed (given: "http://oidc"); allowed: an https URL`},
		},
		"one name, issuer and context twice": {
			map[string]string{"clusters": list(shop(), shop())}, []string{
				`log-pipeline:clusters[1].name: the same as log-pipeline:clusters[0].name (given: "shop")`,
				"log-pipeline:clusters[1].issuer: the same as log-pipeline:clusters[0].issuer",
			},
		},
		"a context that is another's name": {
			map[string]string{"clusters": list(shop(), strings.Replace(other, "}", `,"context":"shop"}`, 1))},
			[]string{`log-pipeline:clusters[1].context: "shop" is the context of log-pipeline:clusters[0] too`},
		},
		"an OIDC provider of another issuer": {
			map[string]string{"clusters": list(shop(`"oidcProviderArn":"arn:aws:iam::111111111111:oidc-provider/x"`))},
			[]string{`log-pipeline:clusters[0].oidcProviderArn: not the provider of issuer in log-pipeline:accounts.data.id (given: "arn:aws:iam::111111111111:oidc-provider/x"); nearest: arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A; allowed: none, for one to be made, or that of the issuer`},
		},
		"no external id where accounts differ": {
			twoAccounts(map[string]string{"access.writerExternalId": ""}),
			[]string{"log-pipeline:access.writerExternalId: not set, and arn:aws:iam::222222222222:role/log-pipeline-dev-shop-fluentd is of another account than log-pipeline:accounts.data.id"},
		},
		"no external id for readers": {
			map[string]string{"access.readerRoleArns": `["arn:aws:iam::333333333333:role/analyst"]`},
			[]string{"log-pipeline:access.readerExternalId: not set, and arn:aws:iam::333333333333:role/analyst is of another account than log-pipeline:accounts.data.id"},
		},
		"a reader of another partition": {
			map[string]string{"access.readerRoleArns": `["arn:aws-cn:iam::111111111111:role/analyst"]`},
			[]string{`log-pipeline:access.readerRoleArns: "arn:aws-cn:iam::111111111111:role/analyst": the role is in the partition aws-cn, and the region eu-west-1 in aws`},
		},
		"more producers than a trust policy holds": {
			map[string]string{"access.producerRoleArns": manyRoles(60)}, []string{"log-pipeline:access.producerRoleArns: 60 roles make a trust policy of"},
		},
		"an output with no stream behind it": {
			map[string]string{"logging.outputs": `["firehose"]`}, []string{"log-pipeline:logging.firehoseName: not set, but needed by the output firehose"},
		},
		"a delivery stream that nothing goes to": {
			map[string]string{"logging.firehoseName": "direct"}, []string{"log-pipeline:logging.firehoseName: has no effect without the output firehose"},
		},
		"parts that are more than the whole": {
			map[string]string{"clusters": list(shop(`"peakRecordsPerSecond":2500`))},
			[]string{"log-pipeline:load.peakRecordsPerSecond: the peak of 1 cluster makes 2500 records/s, and the stream is planned for 2000"},
		},
		"a stream that no backlog leaves by": {
			map[string]string{
				"clusters": list(shop()), "load.peakRecordsPerSecond": "1000", "load.meanRecordsPerSecond": "1000", "load.burstSeconds": "0",
				"stream.mode": "PROVISIONED", "stream.shardCount": "1",
			},
			[]string{"log-pipeline:stream.shardCount: the buffers never drain"},
		},
		"parts that leave nothing": {
			map[string]string{"clusters": list(shop(`"peakRecordsPerSecond":2000`), other)},
			[]string{"log-pipeline:clusters: the clusters with a peak of their own leave none of log-pipeline:load.peakRecordsPerSecond"},
		},
	} {
		t.Run(name, func(t *testing.T) { assertFaults(t, test.change, test.want) })
	}
}

func assertFaults(t *testing.T, change map[string]string, want []string) {
	t.Helper()
	got := lines(t, minimal(change))
	require.Len(t, got, len(want), "%s", strings.Join(got, "\n"))
	for i, beginning := range want {
		assert.True(t, strings.HasPrefix(got[i], beginning), "%s\nis to begin with\n%s", got[i], beginning)
	}
}

func manyRoles(n int) string {
	var arns []string
	for i := range n {
		arns = append(arns, `"arn:aws:iam::111111111111:role/producer-of-logs-number-`+strconv.Itoa(i)+`"`)
	}
	return list(arns...)
}

// What a cluster needs is computed, and what is chosen is held against it, with the numbers and the nearest that works.
func TestChoicesThatCannotHold(t *testing.T) {
	for field, value := range map[string]string{
		"agentDiskMiB": "20", "fluentd.diskGiB": "1", "fluentd.retriesOnBatchRequest": "1",
	} {
		t.Run(field, func(t *testing.T) {
			set := `"` + field + `":` + value
			if _, inner, ok := strings.Cut(field, "."); ok {
				set = `"fluentd":{"` + inner + `":` + value + `}`
			}
			change := map[string]string{
				"clusters": list(shop(set)), "load.peakRecordsPerSecond": "20000", "load.meanRecordsPerSecond": "7000",
				"stream.mode": "PROVISIONED", "stream.shardCount": "60",
			}
			got := lines(t, minimal(change))
			require.NotEmpty(t, got)
			assert.True(t, strings.HasPrefix(got[0], namespace+"clusters[0]."+field+": "), got[0])
			assert.Contains(t, got[0], `(given: "`+value+`"); nearest: `)
		})
	}
}

func TestClustersShareTheLoadByTheirNodes(t *testing.T) {
	got, err := readConfig(minimal(map[string]string{"clusters": list(
		shop(`"peakRecordsPerSecond":500`), `{"name":"b","issuer":"`+issuer+`B","nodes":10}`, `{"name":"c","issuer":"`+issuer+`C","nodes":20}`,
	)}))
	require.NoError(t, err)
	var peaks, means []float64
	for _, cluster := range got.Clusters {
		peaks, means = append(peaks, cluster.Load.PeakRecordsPerSecond), append(means, cluster.Load.MeanRecordsPerSecond)
		assert.Positive(t, cluster.Plan.AgentDiskMiB)
	}
	assert.InDeltaSlice(t, []float64{500, 500, 1000}, peaks, 1e-6)
	assert.InDeltaSlice(t, []float64{125, 125, 250}, means, 1e-6)
}
