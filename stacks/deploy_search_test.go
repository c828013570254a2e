package stacks_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/searchindex"
)

// searched is a domain that the reader role and a team search in.
var searched = map[string]string{
	"search.enabled": "true", "search.daysKept": "14", "search.rotation": "OneWeek", "search.indexName": "team",
	"search.readerRoleArns": `["arn:aws:iam::111111111111:role/developers"]`, "search.adminRoleArns": `["arn:aws:iam::111111111111:role/operators"]`,
	"access.readerRoleArns": `["arn:aws:iam::444444444444:role/analyst"]`, "access.readerExternalId": "between-us",
	"search.delivery.bufferSeconds": "30", "search.delivery.retrySeconds": "600",
}

// The domain knows its writer before it is delivered to, and has its inside before the first document.
func TestTheStreamIsDeliveredToTheDomain(t *testing.T) {
	recording, err := deploy(t, searched)
	require.NoError(t, err)
	delivery := recording.Named(t, "search-delivery-to-opensearch")
	for _, earlier := range []string{"search-inside", "search-access-policy", "search-delivery-role-policy", "logs-stream"} {
		assert.True(t, delivery.DependsOn(recording.Named(t, earlier)), earlier)
	}
	to := delivery.Get("opensearchConfiguration").(map[string]any)
	assert.Contains(t, to["domainArn"], ":domain/search-domain")
	assert.Equal(t, "team", to["indexName"])
	assert.Equal(t, "OneWeek", to["indexRotationPeriod"])
	assert.EqualValues(t, 30, to["bufferingInterval"])
	assert.EqualValues(t, 600, to["retryDuration"])
	assert.Contains(t, delivery.Get("opensearchConfiguration", "s3Configuration", "bucketArn"), "lake-failed")

	var inside searchindex.Settings
	require.NoError(t, json.Unmarshal([]byte(recording.Named(t, "search-inside").Get("input").(string)), &inside))
	assert.Equal(t, "team", inside.IndexName, "as the delivery has it")
	assert.Equal(t, "OneWeek", inside.Rotation)
	assert.Equal(t, 14, inside.DaysKept)
	assert.Equal(t, to["roleArn"], inside.WriterRoleARN)
	assert.Equal(t, []string{"arn:aws:iam::111111111111:role/developers", "arn:aws:iam::111111111111:role/log-pipeline-test-reader"}, inside.ReaderRoleARNs)
	assert.Equal(t, []string{"arn:aws:iam::111111111111:role/operators"}, inside.AdminRoleARNs)
	assert.True(t, recording.Named(t, "search-access-policy").DependsOn(recording.Named(t, "reader-role")), "it names the role")
}

func TestADomainLiesInTheSubnetsGiven(t *testing.T) {
	recording, err := deploy(t, map[string]string{
		"search.enabled":                        "true",
		"search.network.subnets":                `[{"id":"subnet-0a1b2c3d","zone":"eu-central-1a"},{"id":"subnet-1a1b2c3d","zone":"eu-central-1b"}]`,
		"search.network.domainSecurityGroupIds": `["sg-0a1b2c3d"]`,
		"search.network.clientSecurityGroupIds": `["sg-1a1b2c3d"]`,
	})
	require.NoError(t, err)
	domain := recording.Named(t, "search-domain")
	assert.EqualValues(t, 2, domain.Get("clusterConfig", "zoneAwarenessConfig", "availabilityZoneCount"), "one for each subnet")
	assert.Equal(t, []any{"sg-0a1b2c3d"}, domain.Get("vpcOptions", "securityGroupIds"))
	function, delivery := recording.Named(t, "search-function"), recording.Named(t, "search-delivery-to-opensearch")
	assert.Equal(t, []any{"sg-1a1b2c3d"}, function.Get("vpcConfig", "securityGroupIds"))
	assert.Equal(t, []any{"sg-1a1b2c3d"}, delivery.Get("opensearchConfiguration", "vpcConfig", "securityGroupIds"))
	assert.Equal(t, []any{"subnet-0a1b2c3d", "subnet-1a1b2c3d"}, delivery.Get("opensearchConfiguration", "vpcConfig", "subnetIds"))
}

func TestWithoutSearchThereIsNoDomain(t *testing.T) {
	recording, err := deploy(t, nil)
	require.NoError(t, err)
	assert.Empty(t, recording.OfType("aws:opensearch/domain:Domain"))
	assert.Empty(t, recording.OfType("aws:lambda/function:Function"))
	assert.Len(t, recording.OfType("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"), 1)
}
