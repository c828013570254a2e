package mocks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// computed is what a provider adds to the inputs: a generated name and an ARN.
func computed(typ, name string, inputs resource.PropertyMap) map[string]string {
	generated := name + "-0a1b2c3"
	if given, ok := inputs["name"]; ok && given.IsString() {
		generated = given.StringValue()
	}
	arn := func(service, kind string) string {
		return fmt.Sprintf("arn:aws:%s:%s:%s:%s%s", service, Region, AccountID, kind, generated)
	}
	quicksight := func(kind string, id resource.PropertyValue) string {
		return fmt.Sprintf("arn:aws:quicksight:%s:%s:%s/%s", Region, AccountID, kind, id.StringValue())
	}
	out := map[string]string{"name": generated}
	switch typ {
	case "aws:s3/bucketV2:BucketV2":
		return map[string]string{"bucket": generated, "arn": "arn:aws:s3:::" + generated}
	case "aws:kms/key:Key":
		return map[string]string{"keyId": "key-of-" + name, "arn": arn("kms", "key/")}
	case "aws:kinesis/stream:Stream":
		out["arn"] = arn("kinesis", "stream/")
	case "aws:kinesis/streamConsumer:StreamConsumer":
		out["arn"] = arn("kinesis", "stream/logs/consumer/")
	case "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream":
		out["arn"] = arn("firehose", "deliverystream/")
	case "aws:cloudwatch/logGroup:LogGroup":
		out["arn"] = arn("logs", "log-group:")
	case "aws:athena/workgroup:Workgroup":
		out["arn"] = arn("athena", "workgroup/")
	case "aws:emrserverless/application:Application":
		out["arn"] = fmt.Sprintf("arn:aws:emr-serverless:%s:%s:/applications/%s-id", Region, AccountID, name)
	case "aws:glue/catalogDatabase:CatalogDatabase":
		out["arn"] = arn("glue", "database/")
	case "aws:glue/catalogTable:CatalogTable":
		database, _ := inputs["databaseName"].V.(string)
		out["arn"] = arn("glue", "table/"+database+"/")
	case "aws:glue/job:Job":
		out["arn"] = arn("glue", "job/")
	case "aws:scheduler/scheduleGroup:ScheduleGroup":
		out["arn"] = arn("scheduler", "schedule-group/")
	case "aws:scheduler/schedule:Schedule":
		out["arn"] = arn("scheduler", "schedule/"+inputs["groupName"].StringValue()+"/")
	case "aws:lambda/function:Function":
		out["arn"] = arn("lambda", "function:")
	case "aws:opensearch/domain:Domain":
		host := generated + "." + Region + ".es.amazonaws.com"
		return map[string]string{
			"domainName": generated, "arn": arn("es", "domain/"), "endpoint": host, "dashboardEndpoint": host + "/_dashboards",
		}
	case "aws:quicksight/dataSource:DataSource":
		out["arn"] = quicksight("datasource", inputs["dataSourceId"])
	case "aws:quicksight/dataSet:DataSet":
		out["arn"] = quicksight("dataset", inputs["dataSetId"])
	case "aws:quicksight/folder:Folder":
		out["arn"] = quicksight("folder", inputs["folderId"])
	case "aws:iam/role:Role":
		out["arn"] = fmt.Sprintf("arn:aws:iam::%s:role/%s", AccountID, generated)
	case "aws:iam/openIdConnectProvider:OpenIdConnectProvider":
		issuer := strings.TrimPrefix(inputs["url"].StringValue(), "https://")
		return map[string]string{"arn": fmt.Sprintf("arn:aws:iam::%s:oidc-provider/%s", AccountID, issuer)}
	}
	return out
}
