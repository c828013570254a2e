package stacks

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/settings"
)

// faulty are values that a key refuses for itself, with what is said about them.
var faulty = map[string]map[string]string{
	"accounts.data.region":     {"Ireland": "not a region", "eu-west": "nearest: eu-west-1", "eu-west-1a": "nearest: eu-west-1", "eu-wset-1": "nearest: eu-west-1"},
	"accounts.data.id":         {"12345678901": "quote it", "1.23456789012e+11": "quote it", "1111-1111-1111": "not allowed", "1234567890123": "not allowed"},
	"accounts.data.roleArn":    {"deploy": "not allowed", "arn:aws:iam::111111111111:user/x": "not allowed"},
	"dataExternalId":           {"x": "not allowed", "a b": "not allowed"},
	"accounts.service.id":      {"22222222222": "quote it"},
	"accounts.service.region":  {"mars": "not a region"},
	"accounts.service.roleArn": {"arn:aws:iam::2:role/x": "not allowed"},
	"serviceExternalId": {
		"x": "not allowed", strings.Repeat("x", 1_225): "not allowed",
	},
	"emulatorEndpoint": {"localhost:5000": "not allowed", "ftp://localhost": "not allowed", "http://": "not allowed", "http://a:b@host": "not allowed"},
	"tags": {
		"team": "not an object", `["a"]`: "not an object", `{"a":[1]}`: `the value of "a" is not a text`,
		`{"AWS:x":"y"}`: "reserved by AWS", `{"":"y"}`: "not allowed", `{"a":"b;c"}`: "not allowed",
		`{"Stack":"x"}`: `the key "Stack" is the program's own Stack`, `{"managedby":"x"}`: `the key "managedby" is the program's own ManagedBy`,
		`{"Team":"x","team":"y"}`:                  `the keys "Team" and "team" differ only in case, which IAM refuses`,
		`{"a":"` + strings.Repeat("é", 257) + `"}`: "not allowed",
	},
	"namePrefix":                {"a b": "not allowed", strings.Repeat("x", 65): "not allowed"},
	"load.peakRecordsPerSecond": {"0": "out of range", "many": "not an integer", "2.5": "not an integer", "100000001": "out of range"},
	"load.meanRecordsPerSecond": {"0": "out of range", "-1": "out of range", "1e3": "not an integer"},
	"load.meanRecordBytes":      {"0": "out of range", "1048577": "out of range", "1 KB": "not an integer"},
	"load.largestRecordBytes":   {"0": "out of range", "99999999": "would be dropped", "1048577": "nearest: 1048576"},
	"load.burstFactor":          {"0.9": "out of range", "1001": "out of range", "NaN": "not a number", "Inf": "not a number", "twice": "not a number"},
	"load.burstSeconds":         {"-1": "out of range", "86401": "out of range", "5m": "not an integer"},
	"delivery.compressionRatio": {"0.5": "out of range", "10:1": "not a number"},
	"delivery.minObjectMiB":     {"-1": "out of range", "129": "out of range", "big": "not a number"},
	"delivery.smallObjects":     {"ignore": "not allowed", "WARN": "not allowed"},
	"stream.name":               {"my stream": "not allowed", strings.Repeat("x", 129): "not allowed"},
	"stream.mode":               {"on-demand": "not allowed", "ON_DEMAND ": "not allowed"},
	"stream.shardCount":         {"0": "out of range", "-1": "out of range", "100001": "out of range", "two": "not an integer"},
	"stream.retentionHours":     {"23": "out of range", "8761": "out of range", "2d": "not an integer"},
	"stream.fanOutConsumers": {
		"metrics": "not a list", "{}": "not a list", "[[1]]": "not a text", `["a","b c"]`: "not allowed",
		`["a","a"]`: "the same as", `["` + strings.Join(strings.Split(strings.Repeat("x", 21), ""), `","`) + `"]`: "21 elements are too many",
	},
	"delivery.bufferMiB":             {"0": "out of range", "129": "out of range", "5MB": "not an integer"},
	"delivery.bufferSeconds":         {"-1": "out of range", "901": "out of range", "1m": "not an integer"},
	"delivery.appendDelimiter":       {"yes": "not a boolean", "1": "not a boolean"},
	"delivery.logRetentionDays":      {"0": "not allowed", "2": "not allowed", "forever": "not an integer"},
	"metrics.workerRecordsPerSecond": {"0": "out of range", "10000001": "out of range", "2e4": "not an integer"},

	"lake.infrequentAccessDays":  {"-1": "out of range", "29": "out of range", "month": "not an integer"},
	"lake.archiveDays":           {"-1": "out of range", "36501": "out of range"},
	"lake.expiryDays":            {"-1": "out of range", "never": "not an integer"},
	"warehouse.snapshotDays":     {"0": "out of range", "36501": "out of range", "week": "not an integer"},
	"warehouse.orphanDays":       {"0": "out of range", "36501": "out of range", "2.5": "not an integer"},
	"warehouse.grantToIam":       {"yes": "not a boolean"},
	"warehouse.encryptCatalog":   {"True": "not a boolean"},
	"metrics.enabled":            {"yes": "not a boolean"},
	"metrics.specFile":           {"[metrics.yaml]": "not allowed"},
	"metrics.paused":             {"on": "not a boolean"},
	"metrics.workerType":         {"Z.2X": "for Ray jobs alone", "R.1X": "does not know the type", "Standard": "none of Glue 6.0", "g.1x": "not allowed"},
	"metrics.workers":            {"1": "out of range", "300": "out of range", "two": "not an integer"},
	"metrics.autoScaling":        {"1": "not a boolean"},
	"metrics.triggerSeconds":     {"9": "out of range", "601": "out of range", "1m": "not an integer"},
	"metrics.scheduleMinutes":    {"0": "out of range", "61": "out of range", "rate(5 minutes)": "not an integer"},
	"metrics.maintenanceWindow":  {"Sunday:3": "not allowed", "Sun:24": "not allowed"},
	"metrics.logRetentionDays":   {"2": "not allowed", "forever": "not an integer"},
	"batch.enabled":              {"no": "not a boolean"},
	"batch.paused":               {"off": "not a boolean"},
	"batch.runsPerDay":           {"0": "not allowed", "5": "not allowed", "twice": "not an integer"},
	"batch.latenessHours":        {"0": "out of range", "169": "out of range", "1d": "not an integer"},
	"batch.executors":            {"0": "out of range", "101": "out of range"},
	"batch.logRetentionDays":     {"2": "not allowed"},
	"query.bytesScannedCutoff":   {"10485759": "out of range", "10 GB": "not an integer"},
	"dashboard.enabled":          {"quicksight": "not a boolean"},
	"dashboard.owners":           {"platform": "not a list", `["a/b"]`: "not allowed", `["a","a"]`: "the same as"},
	"dashboard.readers":          {`["arn:aws:quicksight:eu-west-1:111111111111:group/default/all"]`: "not allowed"},
	"dashboard.namespace":        {"a b": "not allowed"},
	"dashboard.identityRegion":   {"Ireland": "not a region"},
	"dashboard.serviceRoleNames": {`["arn:aws:iam::111111111111:role/x"]`: "not allowed"},
	"dashboard.title":            {strings.Repeat("x", 101): "not allowed"},
	"dashboard.metrics":          {"requests": "not a list"},
	"dashboard.importMode":       {"spice": "not allowed"},
	"dashboard.refreshMinutes":   {"5": "less than the 15 minutes that QuickSight's SPICE takes at least", "20": "no interval"},
	"dashboard.lookbackHours":    {"0": "out of range", "8785": "out of range"},
	"stream.producerAccountIds":  {"333333333333": "not a list", "[33333333333]": "quote it", `["33333333333"]`: "not allowed: an unquoted id"},
	"logging.namespace":          {"Logging": "not allowed", "a.b": "not allowed"},
	"load.streamOutageSeconds":   {"-1": "out of range", "86401": "out of range", "1h": "not an integer"},
	"load.fluentdOutageSeconds":  {"-1": "out of range", "half": "not an integer"},
	"logging.outputs":            {"s3": "not a list", `["kinesis"]`: "not allowed", `["s3","s3"]`: "the same as"},
	"logging.firehoseName":       {"a b": "not allowed"},
	"logging.excludedNamespaces": {`["Kube"]`: "not allowed"},
	"events.redactFields":        {`["pass word"]`: "not allowed"},
	"events.redactPatterns":      {`["("]`: "missing closing )"},
	"events.partitionKey":        {"node": "not allowed"},
	"events.oversize":            {"drop": "not allowed"},
	"accounts.side":              {"left": "not allowed"},
	"access.writerExternalId":    {"x": "not allowed"},
	"access.writerRoleArn":       {"writer": "not allowed"},
	"access.failedBucketName":    {"Failed_Bucket": "not allowed"},
	"access.s3BucketName":        {"x y": "not allowed"},
	"access.producerRoleArns":    {`["fluentd"]`: "not allowed"},
	"access.readerRoleArns":      {`["*"]`: "not allowed"},
	"access.readerExternalId":    {"x": "not allowed"},
	"delivery.format":            {"orc": "not allowed"},

	"delivery.partitioning.name":            {"Tenant": "not allowed", "dt": "a column of the table has that name"},
	"delivery.partitioning.query":           {".a |": "not allowed: jq", ".a": "gives null for a record without fields"},
	"delivery.partitioning.values":          {`["a b"]`: "not allowed", `["a","a"]`: "the same as"},
	"search.enabled":                        {"opensearch": "not a boolean"},
	"search.engineVersion":                  {"2.19": "not allowed", "OpenSearch_2.5": "older than 2.13"},
	"search.indexName":                      {"Logs": "nearest: logs", "_logs": "not allowed", "top_queries": "OpenSearch has indices of its own under that name"},
	"search.size.zones":                     {"4": "out of range"},
	"search.size.instanceType":              {"m3.large.search": "no encryption at rest", "m7g.large": "not allowed"},
	"search.size.instances":                 {"0": "out of range"},
	"search.size.volumeGiB":                 {"1": "out of range"},
	"search.size.masters":                   {"2": "not allowed"},
	"search.size.masterInstanceType":        {"large": "not allowed"},
	"search.size.shards":                    {"0": "out of range", "1025": "out of range"},
	"search.size.replicas":                  {"-1": "out of range", "5": "out of range"},
	"search.size.indexRatio":                {"0": "out of range", "half": "not a number"},
	"search.size.vcpuRecordsPerSecond":      {"0": "out of range"},
	"search.rotation":                       {"NoRotation": "not allowed", "daily": "not allowed"},
	"search.daysKept":                       {"0": "out of range", "3651": "out of range"},
	"search.refreshSeconds":                 {"1": "out of range", "61": "out of range"},
	"search.readerRoleArns":                 {`["*"]`: "not allowed"},
	"search.adminRoleArns":                  {`["admin"]`: "not allowed"},
	"search.cognito.userPoolId":             {"pool": "not allowed"},
	"search.cognito.identityPoolId":         {"pool": "not allowed"},
	"search.network.domainSecurityGroupIds": {`["default"]`: "not allowed"},
	"search.network.clientSecurityGroupIds": {`["default"]`: "not allowed"},
	"search.network.subnets":                {"subnet-0a1b2c3d": "not a list of objects"},
	"search.delivery.bufferSeconds":         {"901": "out of range"},
	"search.delivery.bufferMiB":             {"0": "out of range", "101": "out of range"},
	"search.delivery.retrySeconds":          {"7201": "out of range"},
	"search.delivery.backup":                {"none": "not allowed"},
	"search.functionArchitecture":           {"arm": "not allowed"},
	"search.logRetentionDays":               {"2": "not allowed"},
	"clusters":                              {"shop": "not a list of objects", "[1]": "not a list of objects", "[null]": "not a list of objects", "{}": "not a list of objects"},
	"flows":                                 {"all": "not a list of objects"},
	"protect":                               {"TRUE": "not a boolean"},
	"forceDestroy":                          {"no": "not a boolean"},
}

// oneSide is what the keys need that are for the service account's half alone.
var oneSide = map[string]string{
	"accounts.service.id": "222222222222", "accounts.side": "service", "access.writerExternalId": "between-us", "access.failedBucketName": "failed",
	"logging.outputs": `["stream","s3"]`, "access.s3BucketName": "direct",
	"clusters": `[{"name":"shop","issuer":"https://oidc.eks.eu-west-1.amazonaws.com/id/A","nodes":10}]`,
}

// shown is what the keys of the dashboard need, and spice what those of its copy.
var (
	shown = map[string]string{"dashboard.enabled": "true", "dashboard.owners": `["platform"]`}
	spice = map[string]string{"dashboard.enabled": "true", "dashboard.owners": `["platform"]`, "dashboard.importMode": "SPICE"}
)

// faultyNeeds has what the keys of a section need, by the section's name, where none of their own is given.
var faultyNeeds = map[string]map[string]string{
	"delivery.partitioning": {"batch.enabled": "false", "delivery.partitioning.name": "tenant", "delivery.partitioning.query": `.tenant // "none"`},
	"search.cognito": {
		"search.enabled": "true", "search.readerRoleArns": `["arn:aws:iam::111111111111:role/people"]`,
		"search.cognito.userPoolId": "eu-west-1_A", "search.cognito.identityPoolId": "eu-west-1:0b9e",
	},
	"search.network": inVPC(nil),
	"search":         {"search.enabled": "true"},
}

func TestFaultyValues(t *testing.T) {
	// What these keys need, so that the fault is theirs alone.
	needs := map[string]map[string]string{
		"dataExternalId":           {"accounts.data.roleArn": "arn:aws:iam::111111111111:role/x"},
		"accounts.service.region":  {"accounts.service.id": "222222222222", "accounts.data.roleArn": "arn:aws:iam::111111111111:role/x"},
		"accounts.service.roleArn": {"accounts.service.id": "222222222222"},
		"serviceExternalId":        {"accounts.service.id": "222222222222", "accounts.service.roleArn": "arn:aws:iam::222222222222:role/x"},
		"stream.shardCount":        {"stream.mode": "PROVISIONED"},
		"logging.firehoseName":     {"logging.outputs": `["firehose"]`},
		"dashboard.owners":         shown, "dashboard.readers": shown, "dashboard.namespace": shown, "dashboard.identityRegion": shown,
		"dashboard.serviceRoleNames": shown, "dashboard.title": shown, "dashboard.metrics": shown, "dashboard.importMode": shown,
		"dashboard.refreshMinutes": spice, "dashboard.lookbackHours": spice,
		"access.writerRoleArn":    oneSide,
		"access.failedBucketName": oneSide,
		"access.s3BucketName":     oneSide,
	}
	for _, section := range Settings().Describe() {
		each(section, func(setting settings.Setting) {
			path := string(setting.Path)
			if path == "kubeconfig" || strings.Contains(path, "[]") {
				return // any path may be one; and the fields of objects have a test of their own
			}
			require.NotEmpty(t, faulty[path], "%s has no faulty value here", path)
		})
	}
	declared := Settings().Describe()
	for path, values := range faulty {
		for value, problem := range values {
			t.Run(path+"="+value, func(t *testing.T) {
				change := map[string]string{}
				for section := fault.Path(path); section != "" && len(change) == 0; section = section.Parent() {
					maps.Copy(change, faultyNeeds[string(section)])
				}
				maps.Copy(change, needs[path])
				change[path] = value
				got := lines(t, minimal(change))
				require.Len(t, got, 1, "%v", got)
				about, rest, _ := strings.Cut(got[0], ": ")
				element := regexp.MustCompile(`\[\d+\]$`).FindString(about)
				assert.Equal(t, namespace+path+element, about)
				assert.Contains(t, rest, problem)
				_, takes, _ := strings.Cut(rest, "; allowed: ")
				if element == "" {
					assert.Equal(t, allowed(t, declared, path), takes)
				}
				assert.True(t, strings.HasSuffix(allowed(t, declared, path), takes), takes)
				assert.Contains(t, got[0], "(given: ")
			})
		}
	}
}

// allowed is what a setting takes.
func allowed(t *testing.T, declared []settings.Setting, path string) string {
	t.Helper()
	for _, s := range declared {
		switch {
		case string(s.Path) == path:
			return s.Allowed
		case strings.HasPrefix(path, string(s.Path)+"."):
			return allowed(t, s.Settings, path)
		}
	}
	require.Fail(t, "nothing is declared at "+path)
	return ""
}
