package logging_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/tests/mocks"
)

func flows(flows ...logging.Flow) func(*logging.Args) {
	return func(a *logging.Args) { a.Flows = flows }
}

func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*logging.Args)
		want   string
	}{
		"no cluster":            {func(a *logging.Args) { a.Cluster = "" }, `Cluster: ""; want 1 to 100`},
		"cluster with a space":  {func(a *logging.Args) { a.Cluster = "a b" }, `Cluster: "a b"`},
		"no namespace's name":   {func(a *logging.Args) { a.Namespace = "Logs" }, `Namespace: "Logs"; a lowercase RFC 1123 label`},
		"newest chart":          {func(a *logging.Args) { a.Operator.ChartVersion = "latest" }, `Operator.ChartVersion: "latest"; want a release such as 5.3.0`},
		"agent without a disk":  {func(a *logging.Args) { a.Agent.DiskLimitMiB = 15 }, "Agent.DiskLimitMiB: 15; want at least 16"},
		"ignored namespace":     {func(a *logging.Args) { a.Agent.IgnoredNamespaces = []string{"a_b"} }, `Agent.IgnoredNamespaces: "a_b"`},
		"no role":               {func(a *logging.Args) { a.Aggregator.RoleARN = "" }, `Aggregator.RoleARN: "" is no IAM role`},
		"a role's session":      {func(a *logging.Args) { a.Writer.RoleARN = "arn:aws:sts::111111111111:assumed-role/w/s" }, "Writer.RoleARN: "},
		"role of China":         {func(a *logging.Args) { a.Writer.RoleARN = "arn:aws-cn:iam::111111111111:role/w" }, "is of the partition aws-cn; want aws"},
		"no replica":            {func(a *logging.Args) { a.Aggregator.Replicas = -1 }, "Aggregator.Replicas: -1; want 1 to 500"},
		"no worker":             {func(a *logging.Args) { a.Aggregator.Workers = -1 }, "Aggregator.Workers: -1; want 1 to 32"},
		"no thread":             {func(a *logging.Args) { a.Aggregator.FlushThreads = -1 }, "Aggregator.FlushThreads: -1; want 1 to 64"},
		"flush never":           {func(a *logging.Args) { a.Aggregator.FlushSeconds = 601 }, "Aggregator.FlushSeconds: 601; want 1 to 600"},
		"chunk too large":       {func(a *logging.Args) { a.Aggregator.ChunkLimitMiB = 257 }, "Aggregator.ChunkLimitMiB: 257; want 1 to 256"},
		"no queue":              {func(a *logging.Args) { a.Aggregator.QueuedChunks = -1 }, "Aggregator.QueuedChunks: -1; want 1 to 10000"},
		"disk too large":        {func(a *logging.Args) { a.Aggregator.DiskGiB = 16_385 }, "Aggregator.DiskGiB: 16385; want 1 to 16384"},
		"buffer over the disk":  {func(a *logging.Args) { a.Aggregator.TotalLimitMiB = 18_433 }, "Aggregator.TotalLimitMiB: 18433 with 1 buffers in DiskGiB 20 and ChunkLimitMiB 8; want 16 (two chunks) to 18432"},
		"buffer of one chunk":   {func(a *logging.Args) { a.Aggregator.TotalLimitMiB = 15 }, "Aggregator.TotalLimitMiB: 15 with 1 buffers"},
		"retries too deep":      {func(a *logging.Args) { a.Aggregator.RetriesOnBatchRequest = 1001 }, "Aggregator.RetriesOnBatchRequest: 1001; want 1 to 1000"},
		"storage class":         {func(a *logging.Args) { a.Aggregator.StorageClass = "GP3" }, `Aggregator.StorageClass: "GP3"`},
		"priority class":        {func(a *logging.Args) { a.Aggregator.PriorityClass = "A" }, `Aggregator.PriorityClass: "A"`},
		"agents' priority":      {func(a *logging.Args) { a.Agent.PriorityClass = "A" }, `Agent.PriorityClass: "A"`},
		"external id of one":    {func(a *logging.Args) { a.Writer.ExternalID = "a" }, `Writer.ExternalID: "a"; want 2 to 1224`},
		"external id too long":  {func(a *logging.Args) { a.Writer.ExternalID = strings.Repeat("a", 1225) }, "Writer.ExternalID"},
		"external id's space":   {func(a *logging.Args) { a.Writer.ExternalID = "a b" }, "Writer.ExternalID"},
		"session's name":        {func(a *logging.Args) { a.Writer.SessionName = "a b" }, `Writer.SessionName: "a b"; want 2 to 64`},
		"no outputs at all":     {func(a *logging.Args) { a.Stream = nil }, "Stream, S3, Firehose: none is set; want one at least"},
		"stream without a name": {func(a *logging.Args) { a.Stream.Name = "" }, `Stream.Name: Kinesis stream name ""`},
		"stream's region":       {func(a *logging.Args) { a.Stream.Region = "" }, `Stream.Region: region ""`},
		"region of China":       {func(a *logging.Args) { a.Stream.Region = "cn-north-1" }, `Stream.Region: "cn-north-1" is in the partition aws-cn; want aws`},
		"firehose's name":       {func(a *logging.Args) { a.Firehose = &logging.Firehose{Region: "eu-central-1"} }, "Firehose.DeliveryStreamName: "},
		"firehose's region":     {func(a *logging.Args) { a.Firehose = &logging.Firehose{DeliveryStreamName: "a"} }, "Firehose.Region: "},
		"S3 without a bucket":   {func(a *logging.Args) { a.S3 = &logging.S3{Region: "eu-central-1"} }, "S3.BucketName: not set"},
		"S3's region":           {func(a *logging.Args) { a.S3 = &logging.S3{BucketName: pulumi.String("a")} }, "S3.Region: "},
		"S3's prefix": {func(a *logging.Args) {
			a.S3 = &logging.S3{BucketName: pulumi.String("a"), Region: "eu-central-1", Prefix: "a"}
		}, `S3.Prefix: "a"`},
		"S3 never": {func(a *logging.Args) {
			a.S3 = &logging.S3{BucketName: pulumi.String("a"), Region: "eu-central-1", FlushSeconds: 3601}
		}, "S3.FlushSeconds: 3601; want 1 to 3600"},
		"no failed bucket": {func(a *logging.Args) { a.Failed.BucketName = nil }, "Failed.BucketName: not set; want a bucket"},
		"failed's region":  {func(a *logging.Args) { a.Failed.Region = "moon-1" }, "Failed.Region: "},
		"failed's prefix":  {func(a *logging.Args) { a.Failed.Prefix = "%Y/" }, `Failed.Prefix: "%Y/"`},

		"redact no field":         {func(a *logging.Args) { a.Events.RedactFields = []string{""} }, `Events.RedactFields: "" is no field`},
		"redact the event's own":  {func(a *logging.Args) { a.Events.RedactFields = []string{"pod"} }, `Events.RedactFields: "pod" is set by the pipeline`},
		"no pattern":              {func(a *logging.Args) { a.Events.RedactPatterns = []string{"("} }, "Events.RedactPatterns: error parsing regexp"},
		"pattern of nothing":      {func(a *logging.Args) { a.Events.RedactPatterns = []string{"a*"} }, `Events.RedactPatterns: "a*" matches nothing at all`},
		"pattern that is no Ruby": {func(a *logging.Args) { a.Events.RedactPatterns = []string{"(?P<a>b)"} }, "does not know (?P<name>...)"},
		"partition key":           {func(a *logging.Args) { a.Events.PartitionKey = "node" }, `Events.PartitionKey: "node"; want event_id or pod`},
		"oversize":                {func(a *logging.Args) { a.Events.Oversize = "drop" }, `Events.Oversize: "drop"; want truncate or divert`},
		"more than Kinesis takes": {func(a *logging.Args) { a.Events.MaxBytes = 1_000_001 }, "Events.MaxBytes: 1000001; want 16384 to 1000000"},

		"no flows":              {flows(), "Flows: none; want one at least"},
		"flow without a name":   {flows(logging.Flow{}), `Flows[0].Name: ""`},
		"flow named as a way":   {flows(logging.Flow{Name: "deliver-s3"}), `Flows[0].Name: "deliver-s3"; deliver and what begins with deliver- are taken`},
		"unknown parser":        {flows(logging.Flow{Name: "a", Parser: "xml"}), `Flows[0].Parser: "xml"; want json, istio or none`},
		"output that is not":    {flows(logging.Flow{Name: "a", Outputs: []logging.OutputName{"s3"}}), `Flows[0].Outputs: "s3"; want some of those that are set: ["stream"]`},
		"output twice":          {flows(logging.Flow{Name: "a", Outputs: []logging.OutputName{"stream", "stream"}}), `Flows[0].Outputs: "stream" is given twice`},
		"namespace's form":      {flows(logging.Flow{Name: "a", Namespaces: []string{"A"}}), `Flows[0].Namespaces: "A"`},
		"excluded's form":       {flows(logging.Flow{Name: "a", ExcludedNamespaces: []string{""}}), `Flows[0].ExcludedNamespaces: ""`},
		"container's form":      {flows(logging.Flow{Name: "a", Containers: []string{"a/b"}}), `Flows[0].Containers: "a/b"`},
		"excluded container's":  {flows(logging.Flow{Name: "a", ExcludedContainers: []string{"a/b"}}), `Flows[0].ExcludedContainers: "a/b"`},
		"label's key":           {flows(logging.Flow{Name: "a", Labels: map[string]string{"a b": "c"}}), `Flows[0].Labels: "a b"`},
		"label's value":         {flows(logging.Flow{Name: "a", ExcludedLabels: map[string]string{"a": "b c"}}), `Flows[0].ExcludedLabels: "b c"`},
		"label without a value": {flows(logging.Flow{Name: "a", Labels: map[string]string{"a": ""}}), `Flows[0].Labels: "a" has no value`},

		"its own namespace":    {flows(logging.Flow{Name: "a", Namespaces: []string{"logging"}}), `Flows[0].Namespaces: "logging" is the logging system's own`},
		"namespace in and out": {flows(logging.Flow{Name: "a", Namespaces: []string{"b"}, ExcludedNamespaces: []string{"b"}}), `Flows[0].Namespaces: "b" is in ExcludedNamespaces too`},
		"container in and out": {flows(logging.Flow{Name: "a", Containers: []string{"b"}, ExcludedContainers: []string{"b"}}), `Flows[0].Containers: "b" is in ExcludedContainers too`},
		"label in and out":     {flows(logging.Flow{Name: "a", Labels: map[string]string{"b": "c"}, ExcludedLabels: map[string]string{"b": "c"}}), `Flows[0].Labels: "b=c" is in ExcludedLabels too`},
		"namespace not read":   {func(a *logging.Args) { a.Agent.IgnoredNamespaces, a.Flows[0].Namespaces = []string{"b"}, []string{"b"} }, `Flows[0].Namespaces: "b" is in Agent.IgnoredNamespaces`},
		"two of the same name": {flows(logging.Flow{Name: "a", Namespaces: []string{"b"}}, logging.Flow{Name: "a", Namespaces: []string{"c"}}), `Flows[1].Name: "a" is the name of Flows[0] too`},
		"two that take all":    {flows(logging.Flow{Name: "a"}, logging.Flow{Name: "b"}), `Flows[1]: "b" may take logs that Flows[0] "a" takes`},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := mocks.Up(program(args))
			require.ErrorContains(t, err, test.want)
			require.ErrorContains(t, err, `logging "eks"`)
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}

// What two flows take is sent twice, and counted twice.
func TestFlowsThatTakeTheSameLogs(t *testing.T) {
	type flow = logging.Flow
	label := func(value string) map[string]string { return map[string]string{"app": value} }
	for name, test := range map[string]struct {
		a, b  flow
		apart bool
	}{
		"different namespaces":            {flow{Namespaces: []string{"a", "b"}}, flow{Namespaces: []string{"c"}}, true},
		"a namespace in both":             {flow{Namespaces: []string{"a", "b"}}, flow{Namespaces: []string{"b", "c"}}, false},
		"one of all namespaces":           {flow{Namespaces: []string{"a"}}, flow{}, false},
		"excluded by the other":           {flow{Namespaces: []string{"a"}}, flow{ExcludedNamespaces: []string{"a", "b"}}, true},
		"excluded in part":                {flow{Namespaces: []string{"a", "b"}}, flow{ExcludedNamespaces: []string{"a"}}, false},
		"the one in both is excluded":     {flow{Namespaces: []string{"a", "b"}}, flow{Namespaces: []string{"b", "c"}, ExcludedContainers: []string{"x"}}, false},
		"different containers":            {flow{Containers: []string{"app"}}, flow{Containers: []string{"istio-proxy"}}, true},
		"all containers but one":          {flow{Containers: []string{"istio-proxy"}}, flow{ExcludedContainers: []string{"istio-proxy"}}, true},
		"different values of a label":     {flow{Labels: label("a")}, flow{Labels: label("b")}, true},
		"different labels":                {flow{Labels: label("a")}, flow{Labels: map[string]string{"tier": "b"}}, false},
		"the label of one, excluded":      {flow{Labels: label("a")}, flow{ExcludedLabels: label("a")}, true},
		"another value, excluded":         {flow{Labels: label("a")}, flow{ExcludedLabels: label("b")}, false},
		"different only in what they are": {flow{Parser: logging.JSON}, flow{Parser: logging.Istio}, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, pair := range [][]flow{{test.a, test.b}, {test.b, test.a}} {
				args := minimal()
				pair[0].Name, pair[1].Name = "one", "two"
				args.Flows = pair
				_, err := mocks.Up(program(args))
				if test.apart {
					require.NoError(t, err)
				} else {
					require.ErrorContains(t, err, `Flows[1]: "two" may take logs that Flows[0] "one" takes`)
				}
			}
		})
	}
}

// What is left out comes first, since the router takes the first that fits; each label alone leaves a log out.
func TestMatch(t *testing.T) {
	recording := up(t, flows(logging.Flow{
		Name: "some", Namespaces: []string{"b", "a"}, ExcludedNamespaces: []string{"z"},
		Labels: map[string]string{"app": "web"}, ExcludedLabels: map[string]string{"tier": "x", "old": "yes"},
		Containers: []string{"app"}, ExcludedContainers: []string{"istio-proxy"},
	}))
	exclude := func(field string, value any) any { return map[string]any{"exclude": map[string]any{field: value}} }
	assert.Equal(t, []any{
		exclude("namespaces", []any{"logging", "z"}),
		exclude("container_names", []any{"istio-proxy"}),
		exclude("labels", map[string]any{"old": "yes"}),
		exclude("labels", map[string]any{"tier": "x"}),
		map[string]any{"select": map[string]any{
			"namespaces": []any{"a", "b"}, "labels": map[string]any{"app": "web"}, "container_names": []any{"app"},
		}},
	}, at(recording.Named(t, "eks-flow/some"), "spec.match"))
}
