package logging_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/internal/fault"
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
		"no cluster":           {func(a *logging.Args) { a.Cluster = "" }, `Cluster: not set, but required; allowed: 1 to 100 letters, digits`},
		"cluster with a space": {func(a *logging.Args) { a.Cluster = "a b" }, `Cluster: not allowed (given: "a b"); allowed: 1 to 100`},
		"no namespace's name":  {func(a *logging.Args) { a.Namespace = "Logs" }, `Namespace: not allowed (given: "Logs"); allowed: 1 to 63 lower-case letters`},
		"everybody's namespace": {
			func(a *logging.Args) { a.Namespace = "default" },
			`Namespace: one of Kubernetes' own (given: "default"); allowed: 1 to 63 lower-case letters, digits and hyphens; not default, and none`,
		},
		"Kubernetes' namespace": {func(a *logging.Args) { a.Namespace = "kube-system" }, `Namespace: one of Kubernetes' own (given: "kube-system")`},
		"newest chart":          {func(a *logging.Args) { a.Operator.ChartVersion = "latest" }, `Operator.ChartVersion: not allowed (given: "latest"); allowed: a release such as 5.3.0`},
		"agent without a disk":  {func(a *logging.Args) { a.Agent.DiskLimitMiB = 15 }, `Agent.DiskLimitMiB: out of range (given: "15"); allowed: an integer from 16 to`},
		"ignored namespace":     {func(a *logging.Args) { a.Agent.IgnoredNamespaces = []string{"a_b"} }, `Agent.IgnoredNamespaces: "a_b": not allowed; allowed: 1 to 63`},
		"no role":               {func(a *logging.Args) { a.Aggregator.RoleARN = "" }, "Aggregator.RoleARN: not set, but required; allowed: "},
		"a role's session": {
			func(a *logging.Args) { a.Writer.RoleARN = "arn:aws:sts::111111111111:assumed-role/w/s" },
			`Writer.RoleARN: not allowed (given: "arn:aws:sts::111111111111:assumed-role/w/s"); allowed: `,
		},
		"role of China": {
			func(a *logging.Args) { a.Writer.RoleARN = "arn:aws-cn:iam::111111111111:role/w" },
			`Writer.RoleARN: in the partition aws-cn, and Failed.Region is in aws (given: "arn:aws-cn:iam::111111111111:role/w")`,
		},
		"no replica":         {func(a *logging.Args) { a.Aggregator.Replicas = -1 }, `Aggregator.Replicas: out of range (given: "-1"); allowed: an integer from 1 to 500`},
		"no worker":          {func(a *logging.Args) { a.Aggregator.Workers = -1 }, `Aggregator.Workers: out of range (given: "-1"); allowed: an integer from 1 to 32`},
		"no thread":          {func(a *logging.Args) { a.Aggregator.FlushThreads = -1 }, `Aggregator.FlushThreads: out of range (given: "-1"); allowed: an integer from 1 to 64`},
		"flush never":        {func(a *logging.Args) { a.Aggregator.FlushSeconds = 601 }, `Aggregator.FlushSeconds: out of range (given: "601"); allowed: an integer from 1 to 600`},
		"chunk too large":    {func(a *logging.Args) { a.Aggregator.ChunkLimitMiB = 257 }, `Aggregator.ChunkLimitMiB: out of range (given: "257"); allowed: an integer from 1 to 256`},
		"no queue":           {func(a *logging.Args) { a.Aggregator.QueuedChunks = -1 }, `Aggregator.QueuedChunks: out of range (given: "-1"); allowed: an integer from 1 to 10000`},
		"disk too large":     {func(a *logging.Args) { a.Aggregator.DiskGiB = 16_385 }, `Aggregator.DiskGiB: out of range (given: "16385"); allowed: an integer from 1 to 16384`},
		"disk below nothing": {func(a *logging.Args) { a.Aggregator.DiskGiB = -1 }, `Aggregator.DiskGiB: out of range (given: "-1"); allowed: an integer from 1 to 16384`},
		"disk too small": {
			func(a *logging.Args) {
				a.Aggregator = logging.Aggregator{RoleARN: a.Aggregator.RoleARN, DiskGiB: 1, ChunkLimitMiB: 256, Workers: 2}
			},
			`Aggregator.DiskGiB: nine tenths of it do not hold two chunks of 256 MiB for each of 2 buffers (given: "1"); nearest: 2; allowed: an integer from 1 to 16384`,
		},
		"buffer over the disk": {
			func(a *logging.Args) { a.Aggregator.TotalLimitMiB = 18_433 },
			`Aggregator.TotalLimitMiB: nine tenths of Aggregator.DiskGiB, 20, are too small for 1 of them (given: "18433"); nearest: 18432; allowed: two chunks at least`,
		},
		"buffer of one chunk": {
			func(a *logging.Args) { a.Aggregator.TotalLimitMiB = 15 },
			`Aggregator.TotalLimitMiB: less than two chunks of 8 MiB (given: "15"); nearest: 16; allowed: two chunks at least`,
		},
		"retries too deep":     {func(a *logging.Args) { a.Aggregator.RetriesOnBatchRequest = 1001 }, `Aggregator.RetriesOnBatchRequest: out of range (given: "1001"); allowed: an integer from 1 to 1000`},
		"storage class":        {func(a *logging.Args) { a.Aggregator.StorageClass = "GP3" }, `Aggregator.StorageClass: not allowed (given: "GP3"); allowed: 1 to 253`},
		"priority class":       {func(a *logging.Args) { a.Aggregator.PriorityClass = "A" }, `Aggregator.PriorityClass: not allowed (given: "A"); allowed: 1 to 253`},
		"agents' priority":     {func(a *logging.Args) { a.Agent.PriorityClass = "A" }, `Agent.PriorityClass: not allowed (given: "A"); allowed: 1 to 253`},
		"external id of one":   {func(a *logging.Args) { a.Writer.ExternalID = "a" }, `Writer.ExternalID: not allowed (given: "a"); allowed: 2 to 1224`},
		"external id too long": {func(a *logging.Args) { a.Writer.ExternalID = strings.Repeat("a", 1225) }, "Writer.ExternalID: not allowed"},
		"external id's space":  {func(a *logging.Args) { a.Writer.ExternalID = "a b" }, "Writer.ExternalID: not allowed"},
		"session's name":       {func(a *logging.Args) { a.Writer.SessionName = "a b" }, `Writer.SessionName: not allowed (given: "a b"); allowed: 2 to 64`},
		"no outputs at all":    {func(a *logging.Args) { a.Stream = nil }, "Stream: not set, and neither are S3 and Firehose; allowed: one of them at least"},
		"no stream's name":     {func(a *logging.Args) { a.Stream.Name = "" }, "Stream.Name: not set, but required; allowed: 1 to 128"},
		"stream's name":        {func(a *logging.Args) { a.Stream.Name = "a b" }, `Stream.Name: not allowed (given: "a b"); allowed: 1 to 128`},
		"no stream's region":   {func(a *logging.Args) { a.Stream.Region = "" }, "Stream.Region: not set, but required; allowed: "},
		"stream's region":      {func(a *logging.Args) { a.Stream.Region = "moon-1" }, `Stream.Region: not a region that this program knows (given: "moon-1"); allowed: `},
		"region of China": {
			func(a *logging.Args) { a.Stream.Region = "cn-north-1" },
			`Stream.Region: in the partition aws-cn, and Failed.Region is in aws (given: "cn-north-1")`,
		},
		"firehose's name":     {func(a *logging.Args) { a.Firehose = &logging.Firehose{Region: "eu-central-1"} }, "Firehose.DeliveryStreamName: not set, but required; allowed: 1 to 64"},
		"firehose's region":   {func(a *logging.Args) { a.Firehose = &logging.Firehose{DeliveryStreamName: "a"} }, "Firehose.Region: not set"},
		"S3 without a bucket": {func(a *logging.Args) { a.S3 = &logging.S3{Region: "eu-central-1"} }, "S3.BucketName: not set, but required"},
		"S3's region":         {func(a *logging.Args) { a.S3 = &logging.S3{BucketName: pulumi.String("a")} }, "S3.Region: not set"},
		"S3's prefix": {func(a *logging.Args) {
			a.S3 = &logging.S3{BucketName: pulumi.String("a"), Region: "eu-central-1", Prefix: "a"}
		}, `S3.Prefix: not allowed (given: "a")`},
		"S3 never": {func(a *logging.Args) {
			a.S3 = &logging.S3{BucketName: pulumi.String("a"), Region: "eu-central-1", FlushSeconds: 3601}
		}, `S3.FlushSeconds: out of range (given: "3601"); allowed: an integer from 1 to 3600`},
		"no failed bucket": {func(a *logging.Args) { a.Failed.BucketName = nil }, "Failed.BucketName: not set, but required; allowed: the name of a bucket"},
		"failed's region":  {func(a *logging.Args) { a.Failed.Region = "moon-1" }, `Failed.Region: not a region that this program knows (given: "moon-1")`},
		"failed's prefix":  {func(a *logging.Args) { a.Failed.Prefix = "%Y/" }, `Failed.Prefix: not allowed (given: "%Y/")`},

		"redact no field":        {func(a *logging.Args) { a.Events.RedactFields = []string{""} }, `Events.RedactFields: "": no field; allowed: a name of letters`},
		"redact the event's own": {func(a *logging.Args) { a.Events.RedactFields = []string{"pod"} }, `Events.RedactFields: "pod": set by the pipeline, which needs it; allowed: `},
		"redact a phrase": {
			func(a *logging.Args) { a.Events.RedactFields = []string{"password", `it's "\`} },
			`Events.RedactFields: "it's \"\\": not allowed; allowed: a name of letters, digits and _.- that`,
		},
		"no pattern":              {func(a *logging.Args) { a.Events.RedactPatterns = []string{"("} }, "Events.RedactPatterns: \"(\": error parsing regexp: missing closing ): `(`; allowed: "},
		"pattern of nothing":      {func(a *logging.Args) { a.Events.RedactPatterns = []string{"a*"} }, `Events.RedactPatterns: "a*": matches nothing at all, everywhere; allowed: `},
		"pattern that is no Ruby": {func(a *logging.Args) { a.Events.RedactPatterns = []string{"(?P<a>b)"} }, `Events.RedactPatterns: "(?P<a>b)": Ruby, which runs it, does not know (?P<name>...)`},
		"partition key":           {func(a *logging.Args) { a.Events.PartitionKey = "node" }, `Events.PartitionKey: not allowed (given: "node"); allowed: event_id or pod`},
		"oversize":                {func(a *logging.Args) { a.Events.Oversize = "drop" }, `Events.Oversize: not allowed (given: "drop"); allowed: truncate or divert`},
		"more than Kinesis takes": {func(a *logging.Args) { a.Events.MaxBytes = 1_000_001 }, `Events.MaxBytes: out of range (given: "1000001"); allowed: an integer from 16384 to 1000000`},

		"no flows":             {flows(), "Flows: none, so that every log is an unmatched one; allowed: one at least"},
		"flow without a name":  {flows(logging.Flow{}), "Flows[0].Name: not set, but required; allowed: 1 to 63"},
		"flow's name":          {flows(logging.Flow{Name: "a b"}), `Flows[0].Name: not allowed (given: "a b"); allowed: 1 to 63 lower-case letters, digits and hyphens; not deliver, and none`},
		"flow named as a way":  {flows(logging.Flow{Name: "deliver-s3"}), `Flows[0].Name: deliver and what begins with deliver- are taken (given: "deliver-s3"); allowed: `},
		"flow named deliver":   {flows(logging.Flow{Name: "deliver"}), "Flows[0].Name: deliver and what begins with deliver- are taken"},
		"unknown parser":       {flows(logging.Flow{Name: "a", Parser: "xml"}), `Flows[0].Parser: not allowed (given: "xml"); allowed: json, istio or none`},
		"unknown output":       {flows(logging.Flow{Name: "a", Outputs: []logging.OutputName{"kafka"}}), `Flows[0].Outputs: "kafka": not allowed; allowed: stream, s3 or firehose`},
		"output that is not":   {flows(logging.Flow{Name: "a", Outputs: []logging.OutputName{"s3"}}), `Flows[0].Outputs: "s3" is none of those that are set: ["stream"]`},
		"output twice":         {flows(logging.Flow{Name: "a", Outputs: []logging.OutputName{"stream", "stream"}}), `Flows[0].Outputs: "stream" is given twice; allowed: each once`},
		"namespace's form":     {flows(logging.Flow{Name: "a", Namespaces: []string{"A"}}), `Flows[0].Namespaces: "A": not allowed; allowed: 1 to 63`},
		"excluded's form":      {flows(logging.Flow{Name: "a", ExcludedNamespaces: []string{""}}), `Flows[0].ExcludedNamespaces: "": not allowed`},
		"container's form":     {flows(logging.Flow{Name: "a", Containers: []string{"a/b"}}), `Flows[0].Containers: "a/b": not allowed`},
		"excluded container's": {flows(logging.Flow{Name: "a", ExcludedContainers: []string{"a/b"}}), `Flows[0].ExcludedContainers: "a/b": not allowed`},
		"label's key":          {flows(logging.Flow{Name: "a", Labels: map[string]string{"a b": "c"}}), `Flows[0].Labels: the key "a b" is not allowed (given: "{\"a b\":\"c\"}"); allowed: labels as`},
		"label's value": {
			flows(logging.Flow{Name: "a", ExcludedLabels: map[string]string{"a": "b c"}}),
			`Flows[0].ExcludedLabels: the value "b c" of "a" is not allowed`,
		},
		"label without a value": {flows(logging.Flow{Name: "a", Labels: map[string]string{"a": ""}}), `Flows[0].Labels: "a" has no value`},

		"its own namespace": {flows(logging.Flow{Name: "a", Namespaces: []string{"logging"}}), `Flows[0].Namespaces: "logging" is the logging system's own, whose logs are not read`},
		"namespace in and out": {
			flows(logging.Flow{Name: "a", Namespaces: []string{"b"}, ExcludedNamespaces: []string{"b"}}),
			`Flows[0].Namespaces: "b" is in Flows[0].ExcludedNamespaces too, so that nothing of it is left`,
		},
		"container in and out": {
			flows(logging.Flow{Name: "a", Containers: []string{"b"}, ExcludedContainers: []string{"b"}}),
			`Flows[0].Containers: "b" is in Flows[0].ExcludedContainers too, so that nothing of it is left`,
		},
		"label in and out": {
			flows(logging.Flow{Name: "a", Labels: map[string]string{"b": "c"}, ExcludedLabels: map[string]string{"b": "c"}}),
			`Flows[0].Labels: "b=c" is in Flows[0].ExcludedLabels too, so that no log is left`,
		},
		"namespace not read": {
			func(a *logging.Args) { a.Agent.IgnoredNamespaces, a.Flows[0].Namespaces = []string{"b"}, []string{"b"} },
			`Flows[0].Namespaces: "b" is in Agent.IgnoredNamespaces, whose logs are not read`,
		},
		"two of the same name": {
			flows(logging.Flow{Name: "a", Namespaces: []string{"b"}}, logging.Flow{Name: "a", Namespaces: []string{"c"}}),
			`Flows[1].Name: the name of Flows[0] too (given: "a")`,
		},
		"two that take all": {
			flows(logging.Flow{Name: "a"}, logging.Flow{Name: "b"}),
			`Flows[1]: "b" may take logs that Flows[0] "a" takes, which would be sent twice; allowed: other namespaces, containers or values of a label`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := mocks.Up(program(args))
			require.ErrorContains(t, err, `logging "eks": `+test.want)
			assert.Len(t, args.Check("eks").Trusted(), 1, "nothing follows from it")
			assert.Empty(t, recording.All(), "nothing is registered when anything is wrong")
		})
	}
}

// A fault says which settings it comes from, so that it is left out where one of them is at fault.
func TestReads(t *testing.T) {
	selection := []fault.Path{
		"Flows[1].Namespaces", "Flows[1].ExcludedNamespaces", "Flows[1].Labels", "Flows[1].ExcludedLabels", "Flows[1].Containers",
		"Flows[1].ExcludedContainers", "Flows[0].Namespaces", "Flows[0].ExcludedNamespaces", "Flows[0].Labels",
		"Flows[0].ExcludedLabels", "Flows[0].Containers", "Flows[0].ExcludedContainers", "Namespace", "Agent.IgnoredNamespaces",
	}
	buffers := []fault.Path{"Aggregator.Workers", "Aggregator.ChunkLimitMiB", "Stream", "S3", "Firehose", "Flows[0].Outputs"}
	for path, test := range map[fault.Path]struct {
		change func(*logging.Args)
		reads  []fault.Path
	}{
		"Writer.SessionName": {func(a *logging.Args) { a.Cluster = "a b" }, []fault.Path{"Cluster"}},
		"Writer.RoleARN":     {func(a *logging.Args) { a.Writer.RoleARN = "arn:aws-cn:iam::111111111111:role/w" }, []fault.Path{"Failed.Region"}},
		"Stream.Region":      {func(a *logging.Args) { a.Stream.Region = "cn-north-1" }, []fault.Path{"Failed.Region"}},
		"Aggregator.DiskGiB": {func(a *logging.Args) {
			a.Aggregator.DiskGiB, a.Aggregator.ChunkLimitMiB, a.Aggregator.Workers = 1, 256, 2
		}, buffers},
		"Aggregator.TotalLimitMiB": {func(a *logging.Args) { a.Aggregator.TotalLimitMiB = 15 }, append(slices.Clone(buffers), "Aggregator.DiskGiB")},
		"Flows[0].Outputs":         {flows(logging.Flow{Name: "a", Outputs: []logging.OutputName{"s3"}}), []fault.Path{"S3"}},
		"Flows[0].Namespaces":      {flows(logging.Flow{Name: "a", Namespaces: []string{"logging"}}), []fault.Path{"Namespace"}},
		"Flows[0].Containers": {
			flows(logging.Flow{Name: "a", Containers: []string{"b"}, ExcludedContainers: []string{"b"}}), []fault.Path{"Flows[0].ExcludedContainers"},
		},
		"Flows[0].Labels": {
			flows(logging.Flow{Name: "a", Labels: map[string]string{"b": "c"}, ExcludedLabels: map[string]string{"b": "c"}}),
			[]fault.Path{"Flows[0].ExcludedLabels"},
		},
		"Flows[1].Name": {
			flows(logging.Flow{Name: "a", Namespaces: []string{"b"}}, logging.Flow{Name: "a", Namespaces: []string{"c"}}), []fault.Path{"Flows[0].Name"},
		},
		"Flows[1]": {flows(logging.Flow{Name: "a"}, logging.Flow{Name: "b"}), selection},
	} {
		t.Run(string(path), func(t *testing.T) {
			args := minimal()
			test.change(args)
			var reads []fault.Path
			for _, f := range args.Check("eks") {
				if f.Path == path {
					reads = append(reads, f.Reads...)
				}
			}
			assert.Equal(t, test.reads, reads)
		})
	}
}

func TestIgnoredNamespacesAreReadWhereAFlowTakesOne(t *testing.T) {
	args := minimal()
	args.Agent.IgnoredNamespaces, args.Flows[0].Namespaces = []string{"b"}, []string{"b"}
	faults := args.Check("eks")
	require.Len(t, faults, 1)
	assert.Equal(t, []fault.Path{"Agent.IgnoredNamespaces"}, faults[0].Reads)
}

// Whether flows take the same is not said of flows that may be meant otherwise.
func TestFaultsThatFollowAreLeftOut(t *testing.T) {
	args := minimal()
	args.Cluster = "a b"
	args.Flows = []logging.Flow{{Name: "a", Namespaces: []string{"A"}}, {Name: "b", Parser: "xml"}}
	var paths []fault.Path
	for _, f := range args.Check("eks").Trusted() {
		paths = append(paths, f.Path)
	}
	assert.Equal(t, []fault.Path{"Cluster", "Flows[0].Namespaces", "Flows[1].Parser"}, paths)
}

func TestNoArgsAtAll(t *testing.T) {
	var none *logging.Args
	assert.ErrorContains(t, none.Check("eks"), "Cluster: not set, but required")
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
