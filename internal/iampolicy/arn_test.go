package iampolicy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/internal/iampolicy"
)

func TestARNsInTheirParts(t *testing.T) {
	for text, want := range map[string]iampolicy.ARN{
		"arn:aws:kinesis:eu-central-1:111111111111:stream/a/consumer/b:1": {
			Partition: "aws", Service: "kinesis", Region: "eu-central-1", AccountID: "111111111111", Resource: "stream/a/consumer/b:1",
		},
		"arn:aws-cn:s3:::bucket": {Partition: "aws-cn", Service: "s3", Resource: "bucket"},
	} {
		got, err := iampolicy.ParseARN(text)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for _, text := range []string{
		"", "*", "logs", "arn:aws:s3:::", "arn:aws:s3:::b/*", "arn:aws:s3:::a b", "arn::s3:::b", "arn:aws:kinesis:eu-central-1:1:stream/a", " arn:aws:s3:::b",
	} {
		_, err := iampolicy.ParseARN(text)
		assert.ErrorContains(t, err, "is no ARN of one resource", text)
	}
}

func TestRoleARNs(t *testing.T) {
	for _, text := range []string{
		"arn:aws:iam::111111111111:role/fluentd", "arn:aws-us-gov:iam::111111111111:role/a/b/Fluentd_1+=,.@-",
	} {
		arn, err := iampolicy.ParseRoleARN(text)
		require.NoError(t, err)
		assert.Equal(t, "111111111111", arn.AccountID)
		assert.Empty(t, iampolicy.RoleARN.Check("roleArn", text))
		generic, err := iampolicy.ParseARN(text)
		require.NoError(t, err)
		assert.Equal(t, generic, arn)
	}
	for _, text := range []string{
		"fluentd", "arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:user/a", "arn:aws:iam::111111111111:role/",
		"arn:aws:iam::111111111111:role/a/", "arn:aws:iam::111111111111:role/*", "arn:aws:iam::11111111111:role/a", "arn:aws:iam:::role/a",
		"arn:aws:sts::111111111111:assumed-role/a/b", "arn:aws:iam::111111111111:role/" + strings.Repeat("a", 65),
		"arn:aws:iam:eu-central-1:111111111111:role/a", "arn:aws:iam::111111111111:role//a",
	} {
		_, err := iampolicy.ParseRoleARN(text)
		require.ErrorContains(t, err, "allowed: the ARN of an IAM role, such as", text)
		assert.NotEmpty(t, iampolicy.RoleARN.Check("roleArn", text), text)
	}
}
