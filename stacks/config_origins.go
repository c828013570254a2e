package stacks

import (
	"regexp"
	"strconv"
	"strings"
)

// origin is where a field of a component's args comes from: a key, or a field of an object of a key.
type origin struct {
	key   string
	field string // empty where the key has no objects
	// needs are other keys that the field comes from: it is not looked at while one of them is at fault.
	needs []string
}

const (
	// wholeObject is the field of a finding about none of an object's fields alone.
	wholeObject = "*"
	// noObject is the index of no object.
	noObject = -1
)

// The tables say where the fields of each component's args come from, and so what messages call them. Fields that are not
// there are never set.
var (
	loggingOrigins = map[string]origin{
		"Cluster":                 {key: "clusters", field: "name"},
		"Namespace":               {key: "loggingNamespace"},
		"Agent.DiskLimitMiB":      {key: "clusters", field: "agentDiskMiB"},
		"Agent.IgnoredNamespaces": {key: "excludedNamespaces"},

		"Aggregator.RoleARN":               {key: "clusters", field: "name", needs: places},
		"Aggregator.Replicas":              {key: "clusters", field: "fluentdReplicas"},
		"Aggregator.Workers":               {key: "clusters", field: "fluentdWorkers"},
		"Aggregator.FlushThreads":          {key: "clusters", field: "fluentdFlushThreads"},
		"Aggregator.QueuedChunks":          {key: "clusters", field: "fluentdFlushThreads"},
		"Aggregator.FlushSeconds":          {key: "clusters", field: "fluentdFlushSeconds"},
		"Aggregator.DiskGiB":               {key: "clusters", field: "fluentdDiskGiB"},
		"Aggregator.TotalLimitMiB":         {key: "clusters", field: "fluentdDiskGiB"},
		"Aggregator.ChunkLimitMiB":         {key: "clusters", field: "fluentdDiskGiB"},
		"Aggregator.StorageClass":          {key: "clusters", field: "storageClass"},
		"Aggregator.RetriesOnBatchRequest": {key: "clusters", field: "retriesOnBatchRequest"},

		"Writer.RoleARN":              {key: "writerRoleArn", needs: places},
		"Writer.ExternalID":           {key: "writerExternalId"},
		"Stream, S3, Firehose":        {key: "outputs"},
		"Stream.Name":                 {key: "streamName"},
		"Stream.Region":               {key: "region"},
		"S3.BucketName":               {key: "s3BucketName"},
		"S3.Region":                   {key: "region"},
		"Firehose.DeliveryStreamName": {key: "firehoseName"},
		"Firehose.Region":             {key: "region"},
		"Failed.BucketName":           {key: "failedBucketName"},
		"Failed.Region":               {key: "region"},

		"Events.RedactFields":   {key: "redactFields"},
		"Events.RedactPatterns": {key: "redactPatterns"},
		"Events.PartitionKey":   {key: "partitionKey"},
		"Events.Oversize":       {key: "oversizeRecords"},

		"Flows":                      {key: "flows"},
		"Flows[]":                    {key: "flows", field: wholeObject, needs: []string{"loggingNamespace", "excludedNamespaces"}},
		"Flows[].Name":               {key: "flows", field: "name"},
		"Flows[].Namespaces":         {key: "flows", field: "namespaces", needs: []string{"loggingNamespace"}},
		"Flows[].ExcludedNamespaces": {key: "flows", field: "excludedNamespaces"},
		"Flows[].Labels":             {key: "flows", field: "labels"},
		"Flows[].ExcludedLabels":     {key: "flows", field: "excludedLabels"},
		"Flows[].Containers":         {key: "flows", field: "containers"},
		"Flows[].ExcludedContainers": {key: "flows", field: "excludedContainers"},
		"Flows[].Parser":             {key: "flows", field: "parser"},
		"Flows[].Outputs":            {key: "flows", field: "outputs", needs: []string{"outputs"}},
	}
	identityOrigins = map[string]origin{
		"AccountID":                {key: "serviceAccountId", needs: places},
		"Region":                   {key: "serviceRegion", needs: places},
		"RoleName":                 {key: "clusters", field: "name"},
		"Issuer":                   {key: "clusters", field: "issuer"},
		"ProviderARN":              {key: "clusters", field: "oidcProviderArn", needs: []string{"serviceAccountId", "serviceRegion"}},
		"ServiceAccount.Namespace": {key: "loggingNamespace"},
		"WriterRoleARN":            {key: "writerRoleArn", needs: places},
		"ExternalID":               {key: "writerExternalId"},
	}
	producerOrigins        = trustOrigins("Producers", "producerRoleArns", "writerExternalId")
	clusterProducerOrigins = trustOrigins("Producers", "clusters", "writerExternalId")
	readerOrigins          = trustOrigins("Readers", "readerRoleArns", "readerExternalId")

	// places are what the ARNs of the clusters' roles and of the writer role are made of.
	places = []string{"region", "dataAccountId", "serviceAccountId", "serviceRegion"}
)

func trustOrigins(field, roles, externalID string) map[string]origin {
	return map[string]origin{
		"AccountID": {key: "dataAccountId"}, "Region": {key: "region"}, "RoleName": {key: roles},
		field: {key: roles}, "ExternalID": {key: externalID}, "DeliveryStreamARN": {key: "firehoseName"},
	}
}

// source is whose args are checked.
type source struct {
	table map[string]origin
	// cluster is the index of the cluster, or noObject.
	cluster int
	// flows are the indices of the flows in the args.
	flows []int
}

var (
	flowPattern = regexp.MustCompile(`\bFlows\[(\d+)\]`)
	// wordPattern takes a quoted value as one word, which is nobody's name.
	wordPattern = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[^\s,;"]+`)
)

// locate takes what a component says apart. It is not known where it is about a cluster and there is none.
func (p *parser) locate(text string, from source) (f finding, known bool) {
	field, problem, _ := strings.Cut(text, ": ")
	name := flowPattern.ReplaceAllString(field, "Flows[]")
	o, ok := from.table[name]
	if !ok {
		return finding{origin: origin{key: "clusters"}, problem: text}, true
	}
	f = finding{origin: o, problem: p.inOwnWords(problem, name, from)}
	if o.field == "" {
		return f, true
	}
	f.index = from.cluster
	if o.key == "flows" {
		f.index = from.flowsIn(field)[0]
	}
	return f, f.index >= 0 && f.index < len(p.objects(o.key))
}

// flowsIn are the indices that flows named in a text have in the configuration.
func (s source) flowsIn(text string) []int {
	var indices []int
	for _, parts := range flowPattern.FindAllStringSubmatch(text, -1) {
		indices = append(indices, s.flow(parts[1]))
	}
	return indices
}

func (s source) flow(digits string) int {
	if i, err := strconv.Atoi(digits); err == nil && i < len(s.flows) {
		return s.flows[i]
	}
	return noObject
}

// inOwnWords calls the fields in a message about a field as the configuration does: siblings of that field by their field
// in the object, and others by their full key.
func (p *parser) inOwnWords(problem, about string, from source) string {
	siblings := about[:strings.LastIndex(about, ".")+1]
	if about == "Flows[]" {
		siblings = "Flows[]."
	}
	return wordPattern.ReplaceAllStringFunc(problem, func(word string) string {
		if parts := flowPattern.FindStringSubmatch(word); parts != nil && parts[0] == word {
			return "flows[" + strconv.Itoa(from.flow(parts[1])) + "]"
		}
		o, ok := from.table[word]
		if !ok {
			o, ok = from.table[siblings+word]
		}
		switch {
		case !ok:
			return word
		case o.field != "":
			return o.field
		default:
			return p.full(o.key)
		}
	})
}
