package stacks

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// small is a load under which a disk of 20 MiB is too small for an agent.
var small = map[string]string{
	"load.peakRecordsPerSecond": "20000", "load.meanRecordsPerSecond": "7000", "stream.mode": "PROVISIONED", "stream.shardCount": "60",
}

// What the plan finds hides nothing that a component finds, and nothing that one component finds hides what another does.
func TestFaultsOfAllComponentsAtOnce(t *testing.T) {
	change := with(small, map[string]string{
		"clusters":              list(shop(`"agentDiskMiB":20`, `"oidcProviderArn":"arn:aws:iam::111111111111:oidc-provider/x"`)),
		"flows":                 `[{"name":"deliver"}]`,
		"access.readerRoleArns": `["arn:aws-cn:iam::111111111111:role/analyst"]`,
		"events.redactFields":   `["event_id"]`,
	})
	assert.Equal(t, []string{
		"log-pipeline:clusters[0].oidcProviderArn: not the provider of issuer in log-pipeline:accounts.data.id " +
			`(given: "arn:aws:iam::111111111111:oidc-provider/x"); ` +
			"nearest: arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A; " +
			"allowed: none, for one to be made, or that of the issuer",
		"log-pipeline:clusters[0].agentDiskMiB: the agent of the node that logs most has N MiB of disk, and holds N records in N " +
			"while Fluentd is away: N MiB in chunk files; Fluent Bit discards its oldest chunk where there is less " +
			`(given: "20"); nearest: N; allowed: an integer from 16 to 10485760`,
		`log-pipeline:flows[0].name: deliver and what begins with deliver- are taken (given: "deliver"); ` +
			"allowed: 1 to 63 lower-case letters, digits and hyphens; not deliver, and none that begins with deliver-",
		`log-pipeline:events.redactFields[0]: set by the pipeline, which needs it (given: "event_id"); ` +
			"allowed: a name of letters, digits and _.- that the pipeline does not set itself",
		`log-pipeline:access.readerRoleArns: "arn:aws-cn:iam::111111111111:role/analyst": the role is in the partition aws-cn, and the region ` +
			`eu-west-1 in aws (given: "[\"arn:aws-cn:iam::111111111111:role/analyst\"]"); ` +
			"allowed: a list of distinct values, each the ARN of an IAM role, such as arn:aws:iam::111111111111:role/deploy",
	}, withoutNumbers(lines(t, minimal(change))))
}

// withoutNumbers leaves out what the sizing model computes, which has tests of its own.
func withoutNumbers(lines []string) []string {
	computed := regexp.MustCompile(`(has|holds|in|away:|nearest:|needs) [0-9][0-9hms]*`)
	for i, line := range lines {
		lines[i] = computed.ReplaceAllString(line, "$1 N")
	}
	return lines
}

func with(base, change map[string]string) map[string]string {
	all := without(base)
	for key, value := range change {
		all[key] = value
	}
	return all
}

func TestFlowFaults(t *testing.T) {
	const all = `{"name":"all"}`
	const names = "; allowed: a list of distinct values, each 1 to 63 lower-case letters, digits and hyphens"
	other := `{"name":"other","issuer":"` + issuer + `B","nodes":10}`
	for name, test := range map[string]struct {
		flows string
		want  []string
	}{
		"a cluster that is not there": {`[{"name":"a","clusters":["shop","cart"]}]`, []string{
			`log-pipeline:flows[0].clusters: there is no cluster "cart" in log-pipeline:clusters (given: "[\"shop\",\"cart\"]")` + names,
		}},
		"an output that is not there": {`[{"name":"a","outputs":["s3"]}]`, []string{
			`log-pipeline:flows[0].outputs: "s3" is not one of log-pipeline:logging.outputs (given: "[\"s3\"]"); allowed: a list of distinct values, each stream, s3 or firehose`,
		}},
		"two flows that take the same": {list(all, `{"name":"b","namespaces":["shop"]}`), []string{
			`log-pipeline:flows[1]: "b" may take logs that log-pipeline:flows[0] "all" takes, which would be sent twice (given: "{\"name\":\"b\",\"namespaces\":[\"shop\"]}"); ` +
				"allowed: other namespaces, containers or values of a label, or what one takes excluded from the other",
		}},
		"two flows of one cluster": {
			list(`{"name":"a","clusters":["shop"]}`, `{"name":"b","clusters":["other"]}`, `{"name":"c","clusters":["other"]}`), []string{
				`log-pipeline:flows[2]: "c" may take logs that log-pipeline:flows[1] "b" takes, which would be sent twice (given: "{\"clusters\":[\"other\"],\"name\":\"c\"}"); ` +
					"allowed: other namespaces, containers or values of a label, or what one takes excluded from the other",
			},
		},
		"one flow with two others": {
			list(`{"name":"a","clusters":["shop"]}`, `{"name":"b","clusters":["other"]}`, `{"name":"c"}`), []string{
				`log-pipeline:flows[2]: "c" may take logs that log-pipeline:flows[0] "a" takes, which would be sent twice (given: "{\"name\":\"c\"}"); ` +
					"allowed: other namespaces, containers or values of a label, or what one takes excluded from the other",
				`log-pipeline:flows[2]: "c" may take logs that log-pipeline:flows[1] "b" takes, which would be sent twice (given: "{\"name\":\"c\"}"); ` +
					"allowed: other namespaces, containers or values of a label, or what one takes excluded from the other",
			},
		},
		"the logging system's own logs": {`[{"name":"a","namespaces":["logging"]}]`, []string{
			`log-pipeline:flows[0].namespaces: "logging" is the logging system's own, whose logs are not read (given: "[\"logging\"]")` + names,
		}},
		"what is not read": {`[{"name":"a","namespaces":["kube-system"]}]`, []string{
			`log-pipeline:flows[0].namespaces: "kube-system" is in log-pipeline:logging.excludedNamespaces, whose logs are not read ` +
				`(given: "[\"kube-system\"]")` + names,
		}},
		"what it excludes itself": {
			`[{"name":"a","namespaces":["x"],"excludedNamespaces":["x"],"containers":["y"],"excludedContainers":["y"]}]`, []string{
				`log-pipeline:flows[0].namespaces: "x" is in excludedNamespaces too, so that nothing of it is left (given: "[\"x\"]")` + names,
				`log-pipeline:flows[0].containers: "y" is in excludedContainers too, so that nothing of it is left (given: "[\"y\"]")` + names,
			},
		},
		"labels that contradict": {`[{"name":"a","labels":{"app":"x"},"excludedLabels":{"app":"x"}}]`, []string{
			`log-pipeline:flows[0].labels: "app=x" is in excludedLabels too, so that no log is left (given: "{\"app\":\"x\"}"); ` +
				"allowed: labels as Kubernetes takes them, each with a value",
		}},
		"a label that is none": {`[{"name":"a","labels":{"app":"x y"}}]`, []string{
			`log-pipeline:flows[0].labels: the value "x y" of "app" is not allowed (given: "{\"app\":\"x y\"}"); ` +
				"allowed: labels as Kubernetes takes them, each with a value",
		}},
		"two flows of one name": {list(`{"name":"a","namespaces":["x"]}`, `{"name":"a","namespaces":["y"]}`), []string{
			`log-pipeline:flows[1].name: the same as log-pipeline:flows[0].name (given: "a"); allowed: 1 to 63 lower-case letters, digits and hyphens; not deliver, and none that begins with deliver-`,
		}},
		"a name that is taken": {`[{"name":"deliver-s3"}]`, []string{
			`log-pipeline:flows[0].name: deliver and what begins with deliver- are taken (given: "deliver-s3"); ` +
				"allowed: 1 to 63 lower-case letters, digits and hyphens; not deliver, and none that begins with deliver-",
		}},
		"none for a cluster": {`[{"name":"a","clusters":["other"]}]`, []string{
			`log-pipeline:flows: none is for the cluster "shop"; want one at least, or every log of it is an unmatched one ` +
				`(given: "[{\"clusters\":[\"other\"],\"name\":\"a\"}]"); allowed: a list of at most 200 objects with name (required), ` +
				"clusters, namespaces, excludedNamespaces, labels, excludedLabels, containers, excludedContainers, parser, outputs",
		}},
		"a fault in one of many flows": {
			list(`{"name":"o","clusters":["other"]}`, `{"name":"s","clusters":["shop"],"namespaces":["logging"]}`), []string{
				`log-pipeline:flows[1].namespaces: "logging" is the logging system's own, whose logs are not read (given: "[\"logging\"]")` + names,
			},
		},
		"a fault in a flow of no cluster": {list(all, `{"name":"deliver","clusters":["cart"]}`), []string{
			`log-pipeline:flows[1].name: deliver and what begins with deliver- are taken (given: "deliver"); ` +
				"allowed: 1 to 63 lower-case letters, digits and hyphens; not deliver, and none that begins with deliver-",
			`log-pipeline:flows[1].clusters: there is no cluster "cart" in log-pipeline:clusters (given: "[\"cart\"]")` + names,
		}},
		"a field that is misspelt says what a flow takes": {list(all, `{"name":"b","namespace":["shop"]}`), []string{
			"log-pipeline:flows[1].namespace: unknown key; the nearest is namespaces",
		}},
		"a value that cannot be read says what a flow takes": {list(all, `{"name":"b","namespaces":["Shop"]}`), []string{
			`log-pipeline:flows[1].namespaces[0]: not allowed (given: "Shop"); allowed: 1 to 63 lower-case letters, digits and hyphens`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			change := map[string]string{"clusters": list(shop(), other), "logging.excludedNamespaces": `["kube-system"]`, "flows": test.flows}
			assert.Equal(t, test.want, lines(t, minimal(change)))
		})
	}
}

func TestFaultsWithoutClusters(t *testing.T) {
	assertFaults(t, map[string]string{"events.redactFields": `["event_id","pod"]`, "flows": `[{"name":"a"},{"name":"b"}]`}, []string{
		"log-pipeline:flows: has no effect without log-pipeline:clusters (given: ",
		`log-pipeline:events.redactFields[0]: set by the pipeline, which needs it (given: "event_id")`,
		`log-pipeline:events.redactFields[1]: set by the pipeline, which needs it (given: "pod")`,
	})
}

// A fault of one element or field hides no other.
func TestFaultsHideNothing(t *testing.T) {
	another := func(id string) string {
		return `{"name":"` + id + `","issuer":"` + issuer + id + `","nodes":10,"context":"shop"}`
	}
	for name, test := range map[string]struct {
		change map[string]string
		want   []string // beginnings
	}{
		"a field of a cluster": {
			map[string]string{
				"clusters": list(shop(`"podsPerNode":0`)), "events.redactPatterns": `["x*"]`, "access.readerRoleArns": `["arn:aws-cn:iam::111111111111:role/analyst"]`,
			}, []string{
				"log-pipeline:clusters[0].podsPerNode: out of range",
				"log-pipeline:events.redactPatterns[0]: matches nothing at all, everywhere",
				`log-pipeline:access.readerRoleArns: "arn:aws-cn:iam::111111111111:role/analyst": the role is in the partition aws-cn, and the region eu-west-1 in aws`,
			},
		},
		"the other account": {
			map[string]string{
				"accounts.service.id": "222222222222", "accounts.service.region": "mars", "accounts.service.roleArn": "arn:aws:iam::222222222222:role/x",
				"access.readerRoleArns": `["arn:aws:iam::333333333333:role/analyst"]`,
			}, []string{"log-pipeline:accounts.service.region: not a region", "log-pipeline:access.readerExternalId: not set, and arn:aws:iam::333333333333:role/analyst"},
		},
		"a stream": {
			map[string]string{"stream.shardCount": "4", "clusters": list(shop(`"peakRecordsPerSecond":2500`))}, []string{
				"log-pipeline:load.peakRecordsPerSecond: the peak of 1 cluster makes 2500", "log-pipeline:stream.shardCount: 4 shards need the mode",
			},
		},
		"a flow's cluster": {
			map[string]string{"clusters": list(shop()), "flows": `[{"name":"a","clusters":["cart"]}]`, "events.redactFields": `["event_id"]`}, []string{
				`log-pipeline:flows[0].clusters: there is no cluster "cart"`, `log-pipeline:events.redactFields[0]: set by the pipeline`,
			},
		},
		"a context": {
			map[string]string{"clusters": list(shop(), strings.Replace(another("b"), `,"context":"shop"`, `,"context":"c"`, 1), another("c"), another("d"),
				strings.Replace(another("e"), `,"context":"shop"`, `,"context":"b2"`, 1), strings.Replace(another("b2"), `,"context":"shop"`, "", 1))},
			[]string{
				`log-pipeline:clusters[2].context: "shop" is the context of log-pipeline:clusters[0] too`,
				"log-pipeline:clusters[3].context: the same as log-pipeline:clusters[2].context",
				`log-pipeline:clusters[5].context: "b2" is the context of log-pipeline:clusters[4] too`,
			},
		},
		"a cluster of another": {
			with(small, map[string]string{"clusters": list(shop(`"podsPerNode":0`), `{"name":"b","issuer":"`+issuer+`B","nodes":10,"agentDiskMiB":20}`)}), []string{
				"log-pipeline:clusters[0].podsPerNode: out of range", "log-pipeline:clusters[1].agentDiskMiB: ",
			},
		},
		"clusters that cannot be read": {
			map[string]string{"clusters": "shop", "flows": `[{"name":"deliver","clusters":["shop"]}]`, "events.redactFields": `["event_id"]`}, []string{
				"log-pipeline:clusters: not a list of objects", "log-pipeline:flows[0].name: deliver and what", "log-pipeline:events.redactFields[0]: ",
			},
		},
		"parts of both rates": {
			map[string]string{"clusters": list(shop(`"peakRecordsPerSecond":2000`, `"meanRecordsPerSecond":500`), another("b"))}, []string{
				"log-pipeline:clusters: the clusters with a peak", "log-pipeline:clusters: the clusters with a mean",
				`log-pipeline:clusters[1].context: "shop" is the context`,
			},
		},
		"an account": {
			map[string]string{"accounts.data.id": "1", "clusters": list(shop()), "events.redactFields": `["event_id"]`}, []string{
				"log-pipeline:accounts.data.id: ", "log-pipeline:events.redactFields[0]: ",
			},
		},
	} {
		t.Run(name, func(t *testing.T) { assertFaults(t, test.change, test.want) })
	}
}

// What is computed has the limits of what is chosen.
func TestLoadsThatAreTooMuchForACluster(t *testing.T) {
	change := map[string]string{
		"load.peakRecordsPerSecond": "100000000", "load.meanRecordsPerSecond": "100000000", "load.burstSeconds": "0", "stream.mode": "PROVISIONED",
		"stream.shardCount": "100000", "clusters": list(shop(`"nodes":15000`)), "load.streamOutageSeconds": "0", "load.fluentdOutageSeconds": "0",
	}
	assert.Equal(t, []string{
		"log-pipeline:clusters[0].fluentd.replicas: the load needs N, and 500 are the most: spread the load over more clusters, " +
			"or set workers, or workerRecordsPerSecond where you measured that a worker carries more; allowed: an integer from 1 to 500",
		"log-pipeline:metrics.workers: the load needs N, and 299 are the most: choose a larger workerType, " +
			"or set workerRecordsPerSecond where you measured that a worker carries more; allowed: an integer from 2 to 299",
		"log-pipeline:batch.executors: a run reads 20160000000000 records at 100000000 records/s, for which not even 100 executors are enough " +
			"before the next run is due after 12h0m0s: let it run less often or wait less long for late events; allowed: an integer from 1 to 100",
	}, withoutNumbers(lines(t, minimal(change))))
}
