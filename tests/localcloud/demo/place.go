package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/producer"
)

// place is what the stack says of itself.
type place struct {
	region, stream, jobName, database, table string
	// batchSchedule is a group and a name, with a slash between them.
	delivery, batchSchedule string
	cluster                 string
	roles                   producer.Roles
	// search is empty where the stack has no search domain.
	search SearchDomain
}

// findPlace reads it from the outputs and the settings of the stack.
func findPlace(ctx context.Context, cloud *localcloud.Cloud) (place, error) {
	outputs, err := cloud.Outputs(ctx)
	if err != nil {
		return place{}, err
	}
	access, err := cloud.Section("access")
	if err != nil {
		return place{}, err
	}
	var p place
	p.roles.ExternalID, _ = access["writerExternalId"].(string)
	for name, into := range map[string]*string{
		"region": &p.region, "streamName": &p.stream, "writerRoleArn": &p.roles.WriterARN,
		"metricsJobName": &p.jobName, "warehouseDatabaseName": &p.database, "liveTableName": &p.table,
		"deliveryStreamName": &p.delivery, "batchSchedule": &p.batchSchedule,
	} {
		value, ok := outputs[name].(string)
		if !ok {
			return place{}, fmt.Errorf("the stack has no output %s: the demo needs all of the data account's half, with both jobs", name)
		}
		*into = value
	}
	clusters, _ := outputs["fluentdRoleArns"].(map[string]any)
	for cluster, role := range clusters {
		p.cluster = cluster
		p.roles.FluentdARN, _ = role.(string)
	}
	if p.cluster == "" {
		return place{}, fmt.Errorf("the stack has no cluster, whose Fluentd could send records")
	}
	p.search = searchDomain(outputs, p.region)
	return p, nil
}

// searchDomain is the stack's, which its first reader searches in; empty where it has none, or nobody reads.
func searchDomain(outputs map[string]any, region string) SearchDomain {
	readers, _ := outputs["searchReaderRoleArns"].([]any)
	endpoint, _ := outputs["searchEndpoint"].(string)
	if endpoint == "" || len(readers) == 0 {
		return SearchDomain{}
	}
	domain := SearchDomain{Endpoint: strings.TrimPrefix(endpoint, "https://"), Region: region}
	domain.ReaderRoleARN, _ = readers[0].(string)
	domain.IndexPattern, _ = outputs["searchIndexPattern"].(string)
	domain.DeliveryStream, _ = outputs["searchDeliveryStreamName"].(string)
	return domain
}

// emulator is how AWS's clients reach it. Any credentials do.
func emulator(cloud *localcloud.Cloud, region string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(cloud.Endpoint()),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}
}
