//go:build localcloud

package e2e

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/warehouse"
	"example.com/log-pipeline/tests/localcloud"
)

// roleWords are what the policies of a role must say, by what is in the role's URN.
var roleWords = map[string]struct{ trust, permissions []string }{
	delivery.S3Type + "$": {
		[]string{"firehose.amazonaws.com", "sts:ExternalId"}, []string{"kinesis:GetRecords", "s3:PutObject", "kms:GenerateDataKey"},
	},
	access.PodIdentityType + "$": {
		[]string{"sts:AssumeRoleWithWebIdentity", "system:serviceaccount:logging:", ":aud"}, []string{"sts:AssumeRole", dataAccount},
	},
	access.WriterType + "$": {
		[]string{"aws:PrincipalArn", "sts:ExternalId", "arn:aws:iam::" + serviceAccount + ":root"}, []string{"kinesis:PutRecords", "kms:GenerateDataKey"},
	},
	warehouse.Type + "$": {
		[]string{"glue.amazonaws.com"}, []string{"glue:UpdateTable", "s3:DeleteObject", "kms:GenerateDataKey"},
	},
	"::metrics-role": {
		[]string{"glue.amazonaws.com"}, []string{"kinesis:SubscribeToShard", "s3:PutObject", "glue:UpdateTable", "cloudwatch:namespace"},
	},
	"::metrics-schedule-role": {
		[]string{"scheduler.amazonaws.com", ":schedule-group/"}, []string{"glue:StartJobRun", "kms:Decrypt"},
	},
	"::search-writer-": {
		[]string{"firehose.amazonaws.com", "sts:ExternalId"}, nil,
	},
	"::search-delivery-": {
		nil, []string{"kinesis:GetRecords", "es:ESHttpPost", "s3:PutObject"},
	},
	"::search-function-role": {
		[]string{"lambda.amazonaws.com"}, []string{"es:ESHttpPut", "logs:PutLogEvents"},
	},
	"::batch-role": {
		[]string{"emr-serverless.amazonaws.com", "aws:SourceAccount"}, []string{"s3:PutObject", "glue:UpdateTable", "kms:GenerateDataKey", "logs:PutLogEvents"},
	},
	"::batch-schedule-role": {
		[]string{"scheduler.amazonaws.com", ":schedule-group/"}, []string{"emr-serverless:StartJobRun", "iam:PassedToService"},
	},
}

func wordsOf(t *testing.T, r localcloud.Resource) (trust, permissions []string) {
	t.Helper()
	for part, words := range roleWords {
		if strings.Contains(r.URN, part) {
			return words.trust, words.permissions
		}
	}
	require.Fail(t, "no words for this role", r.URN)
	return nil, nil
}

func describeRole(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	role, err := a.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: text(t, r, "name")})
	require.NoError(t, err)
	trust, err := url.QueryUnescape(*role.Role.AssumeRolePolicyDocument)
	require.NoError(t, err)
	words, _ := wordsOf(t, r)
	for _, word := range words {
		assert.Contains(t, trust, word)
	}
}

func describeRolePolicy(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.iam.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: text(t, r, "role"), PolicyName: text(t, r, "name")})
	require.NoError(t, err)
	decoded, err := url.QueryUnescape(*answer.PolicyDocument)
	require.NoError(t, err)
	var policy struct{ Statement []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(decoded), &policy))
	assert.NotEmpty(t, policy.Statement)
	_, words := wordsOf(t, r)
	for _, word := range words {
		assert.Contains(t, decoded, word)
	}
}

func describeOIDCProvider(ctx context.Context, t *testing.T, a *api, r localcloud.Resource) {
	answer, err := a.iam.GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &r.ID})
	require.NoError(t, err)
	assert.Equal(t, []string{"sts.amazonaws.com"}, answer.ClientIDList)
	assert.Contains(t, *text(t, r, "url"), *answer.Url)
}
