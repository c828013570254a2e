package iampolicy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/iampolicy"
)

func TestPartitionFollowsFromRegion(t *testing.T) {
	for region, want := range map[string]string{
		"eu-central-1": "aws", "us-east-1": "aws", "ap-southeast-2": "aws", "il-central-1": "aws", "mx-central-1": "aws",
		"cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov", "us-iso-east-1": "aws-iso", "us-isob-east-1": "aws-iso-b",
		"eu-isoe-west-1": "aws-iso-e", "us-isof-south-1": "aws-iso-f", "eusc-de-east-1": "aws-eusc",
	} {
		got, err := iampolicy.PartitionOf(region)
		require.NoError(t, err)
		assert.Equal(t, want, got.ID, region)
	}
	for _, region := range []string{"", "moon-east-1", "eu-central", "EU-CENTRAL-1", "eu-central-1a", "xeu-central-1", "eu-CENTRAL-1", "eu-central-100"} {
		_, err := iampolicy.PartitionOf(region)
		assert.ErrorContains(t, err, "region", region)
	}
}

func TestNewPlaceReportsBothFaultsAtOnce(t *testing.T) {
	_, err := iampolicy.NewPlace("1234", "moon-1")
	require.Error(t, err)
	require.ErrorContains(t, err, `"1234"`)
	assert.ErrorContains(t, err, `"moon-1"`)
}

func TestARNsAreOfThePartition(t *testing.T) {
	place, err := iampolicy.NewPlace("111111111111", "cn-north-1")
	require.NoError(t, err)
	assert.Equal(t, "arn:aws-cn:kinesis:cn-north-1:111111111111:stream/logs", place.ARN("kinesis", "stream/logs"))
	assert.Equal(t, "arn:aws-cn:s3:::bucket", place.BucketARN("bucket"))
	assert.Equal(t, "arn:aws-cn:iam::111111111111:role/a", place.IAMARN("role/a"))
	assert.Equal(t, "arn:aws-cn:iam::222222222222:root", place.AccountRoot("222222222222"))
	assert.Equal(t, "kinesis.cn-north-1.amazonaws.com.cn", place.RegionalHost("kinesis"))
}
