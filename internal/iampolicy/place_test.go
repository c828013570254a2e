package iampolicy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/iampolicy"
)

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
