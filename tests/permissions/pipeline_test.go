package permissions

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/stacks"
	"example.com/log-pipeline/tests/mocks"
)

const (
	externalID       = "between-us"
	developer        = "developer"
	operator         = "operator"
	userPoolID       = mocks.Region + "_AbCdEfGhI"
	identityPoolID   = mocks.Region + ":0b9e2a44-5c0f-4b8e-9d4f-8f0a6c1d2e3f"
	readerExternalID = "with-analysts"
	analyst          = "analyst"
	metricsDatabase  = "log_pipeline_test_metrics"
	producer         = "producer"
	direct           = "direct-put"
	// noResources is why a wildcard changes nothing there.
	noResources = "the action has no resources"
	// onlyAction is why the service's other actions change nothing: what the condition asks for is in no other request.
	onlyAction = "no other action knows the condition's key"
	// redundantRoot is why it changes nothing who the principal of a trust policy is.
	redundantRoot = "aws:PrincipalArn names roles of these accounts"
	// redundantProvider is the same for OIDC providers.
	redundantProvider = "the issuer is in the names of the conditions' keys"
)

var (
	blue = cluster{
		name: "blue", issuer: "https://oidc.eks.eu-central-1.amazonaws.com/id/B1", namespace: "logging",
		account: serviceAccount, role: "blue-role", writer: "writer-role", externalID: externalID,
	}
	green = cluster{
		name: "green", issuer: "https://oidc.eks.eu-central-1.amazonaws.com/id/A2", namespace: "logging",
		account: serviceAccount, role: "green-role", writer: "writer-role", externalID: externalID,
	}
)

func (c cluster) config() map[string]any {
	return map[string]any{"name": c.name, "issuer": c.issuer, "nodes": 10}
}

// smallest is the configuration with two clusters and one account.
func smallest() map[string]any {
	return map[string]any{
		"accounts": map[string]any{"data": map[string]any{"id": dataAccount, "region": mocks.Region}},
		"load":     map[string]any{"peakRecordsPerSecond": 2000, "meanRecordsPerSecond": 500},
		"clusters": []any{blue.config(), green.config()},
	}
}

// richest has two accounts and everything that grants something.
func richest() map[string]any {
	config := smallest()
	config["accounts"].(map[string]any)["service"] = map[string]any{
		"id": serviceAccount, "roleArn": "arn:aws:iam::" + serviceAccount + ":role/deploy",
	}
	maps.Copy(config, map[string]any{
		"access": map[string]any{
			"writerExternalId": externalID,
			"producerRoleArns": []string{roleARN(producerAccount, producer)},
			"readerRoleArns":   []string{roleARN(readerAccount, analyst)},
			"readerExternalId": readerExternalID,
		},
		"stream":  map[string]any{"producerAccountIds": []string{keyAccount}, "fanOutConsumers": []string{"audit"}},
		"logging": map[string]any{"outputs": []string{"stream", "s3", "firehose"}, "firehoseName": direct},

		"warehouse": map[string]any{"encryptCatalog": true},
		"dashboard": map[string]any{"enabled": true, "owners": []string{"platform"}, "serviceRoleNames": []string{"service-role/" + quickSightRole}},

		"search": map[string]any{
			"enabled": true, "network": searchNetwork(), "cognito": map[string]any{"userPoolId": userPoolID, "identityPoolId": identityPoolID},
			"readerRoleArns": []string{roleARN(dataAccount, developer), roleARN(readerAccount, analyst)}, "adminRoleArns": []string{roleARN(dataAccount, operator)},
		},
	})
	return config
}

// configure hands the program its configuration, as the engine does.
func configure(t *testing.T, config map[string]any) {
	t.Helper()
	handed := map[string]string{}
	for key, value := range config {
		text, isText := value.(string)
		if !isText {
			content, err := json.Marshal(value)
			require.NoError(t, err)
			text = string(content)
		}
		handed["log-pipeline:"+strings.TrimPrefix(key, "log-pipeline:")] = text
	}
	content, err := json.Marshal(handed)
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(content))
}

func TestThePipeline(t *testing.T) {
	configure(t, richest())
	w := newWorld(t, stacks.Deploy)
	key, logs, writer := w.key(), w.stream(), w.role("writer-role")

	hops := lakeHops(w, logs, key, keyAccount)
	hops = append(hops, deliveryHops(w, "raw", logs, key)...)
	hops = append(hops, warehouseHops(w, key)...)
	hops = append(hops, metricsHops(w, logs, key)...)
	hops = append(hops, batchHops(w, metricsDatabase, key)...)
	hops = append(hops, dashboardHops(w, metricsDatabase, key)...)
	hops = append(hops, catalogHops(w, key)...)
	hops = append(hops, clusterHops(w, blue, green)...)
	hops = append(hops, clusterHops(w, green, blue)...)
	hops = append(hops, producerHop(writer, producer, externalID))
	hops = append(hops, writerHops(writer, w.role("blue-role"), logs, key)...)
	hops = append(hops, writerObjectHops(w, writer, "lake-failed", "fluentd/", key)...)
	hops = append(hops, writerObjectHops(w, writer, "lake-raw", "direct/", key)...)
	hops = append(hops, directPutHop(writer, of("firehose", "deliverystream/"+direct)))
	table := w.the("aws:glue/catalogTable:CatalogTable", "raw-table")
	hops = append(hops, readerHops(w, reading{
		role: w.role("reader-role"), reader: analyst, externalID: readerExternalID,
		bucket: "lake-raw", prefix: "logs/", database: table.text("databaseName"), table: table.text("name"),
	}, key)...)
	hops = append(hops, searchHops(w, searching{
		inVPC: true, signedIn: []string{developer, operator, w.role("reader-role").name},
		people: []caller{
			sessionOf(dataAccount, developer), sessionOf(dataAccount, operator), session(w.role("reader-role")), admin(readerAccount, analyst),
		},
	}, logs, key)...)
	prove(t, w, hops, map[string]string{
		"blue-role, PodsOfTheServiceAccount, for anybody":  redundantProvider,
		"green-role, PodsOfTheServiceAccount, for anybody": redundantProvider,
		"writer-role, Producers, for anybody":              redundantRoot,

		"search-delivery-role-policy, SeeNetwork, on anything": noResources,
		"search-function-role-policy, SeeNetwork, on anything": noResources,

		"search-dashboards-role-policy, SetRolesOfIdentityPools, on anything": noResources,
		"search-dashboards-role-policy, PassTheRolesOfPeople, with iam:*":     onlyAction,

		"metrics-role-policy, PutMetrics, on anything":                 noResources,
		"metrics-role-policy, PutMetrics, with cloudwatch:*":           onlyAction,
		"metrics-role-policy, ReadSecurityConfigurations, on anything": noResources,
		"reader-role, Readers, for anybody":                            redundantRoot,

		"batch-role-policy, FindLogGroup, on anything":            noResources,
		"batch-schedule-role-policy, PassTheJobsRole, with iam:*": onlyAction,
	})
}

// One account serves both: nobody asks for an ExternalId, and an identity policy alone goes a long way.
func TestThePipelineInOneAccount(t *testing.T) {
	config := smallest()
	config["search"] = map[string]any{"enabled": true}
	configure(t, config)
	w := newWorld(t, stacks.Deploy)
	key, logs, writer := w.key(), w.stream(), w.role("writer-role")
	near, nearby := blue, green
	near.account, near.externalID = dataAccount, ""
	nearby.account, nearby.externalID = dataAccount, ""

	hops := lakeHops(w, logs, key, "")
	hops = append(hops, deliveryHops(w, "raw", logs, key)...)
	hops = append(hops, warehouseHops(w, key)...)
	hops = append(hops, metricsHops(w, logs, key)...)
	hops = append(hops, batchHops(w, metricsDatabase, key)...)
	hops = append(hops, clusterHops(w, near, nearby)...)
	hops = append(hops, clusterHops(w, nearby, near)...)
	hops = append(hops, writerHops(writer, w.role("blue-role"), logs, key)...)
	hops = append(hops, writerObjectHops(w, writer, "lake-failed", "fluentd/", key)...)
	hops = append(hops, searchHops(w, searching{}, logs, key)...)
	prove(t, w, hops, map[string]string{
		"blue-role, PodsOfTheServiceAccount, for anybody":  redundantProvider,
		"green-role, PodsOfTheServiceAccount, for anybody": redundantProvider,
		"writer-role, Producers, for anybody":              redundantRoot,

		"metrics-role-policy, PutMetrics, on anything":                 noResources,
		"metrics-role-policy, PutMetrics, with cloudwatch:*":           onlyAction,
		"metrics-role-policy, ReadSecurityConfigurations, on anything": noResources,

		"batch-role-policy, FindLogGroup, on anything":            noResources,
		"batch-schedule-role-policy, PassTheJobsRole, with iam:*": onlyAction,
	})
}

// For Parquet Firehose reads the table of the raw objects. There is no batch then, which reads none.
func TestAPipelineToParquet(t *testing.T) {
	config := smallest()
	maps.Copy(config, map[string]any{
		"delivery": map[string]any{"format": "parquet"}, "metrics": map[string]any{"enabled": false},
	})
	configure(t, config)
	w := newWorld(t, stacks.Deploy)
	key, logs, writer := w.key(), w.stream(), w.role("writer-role")
	near, nearby := blue, green
	near.account, near.externalID = dataAccount, ""
	nearby.account, nearby.externalID = dataAccount, ""

	hops := lakeHops(w, logs, key, "")
	hops = append(hops, deliveryHops(w, "raw", logs, key)...)
	hops = append(hops, schemaHop(w, "raw"))
	hops = append(hops, warehouseHops(w, key)...)
	hops = append(hops, clusterHops(w, near, nearby)...)
	hops = append(hops, clusterHops(w, nearby, near)...)
	hops = append(hops, writerHops(writer, w.role("blue-role"), logs, key)...)
	hops = append(hops, writerObjectHops(w, writer, "lake-failed", "fluentd/", key)...)
	prove(t, w, hops, map[string]string{
		"blue-role, PodsOfTheServiceAccount, for anybody":  redundantProvider,
		"green-role, PodsOfTheServiceAccount, for anybody": redundantProvider,
		"writer-role, Producers, for anybody":              redundantRoot,
	})
}

// What is proven of the richest configuration is proven of every stack file, if there are no other kinds of roles.
func TestStackFilesMakeNoOtherRoles(t *testing.T) {
	configure(t, richest())
	proven := kinds(newWorld(t, stacks.Deploy))
	paths, err := filepath.Glob("../../Pulumi.*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			var file struct{ Config map[string]any }
			require.NoError(t, yaml.Unmarshal(text, &file))
			configure(t, file.Config)
			for _, kind := range kinds(newWorld(t, stacks.Deploy)) {
				assert.Contains(t, proven, kind, "make such a role in the richest configuration, and its requests")
			}
		})
	}
}

func kinds(w *world) []string {
	var kinds []string
	for _, r := range w.roles {
		kinds = append(kinds, r.kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
