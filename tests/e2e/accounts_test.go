//go:build localcloud

package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/access"
	"example.com/log-pipeline/tests/localcloud"
)

const (
	dataAccount    = "123456789012"
	serviceAccount = "222222222222"
)

// accounts are the two of the local stack.
type accounts struct{ data, service *api }

func newAccounts(ctx context.Context, t *testing.T, endpoint string) accounts {
	t.Helper()
	data := newAPI(endpoint)
	role := "arn:aws:iam::" + serviceAccount + ":role/deploy"
	session, err := data.sts.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("test")})
	require.NoError(t, err)
	a := accounts{data: data, service: newAPIAs(endpoint, static(session.Credentials))}
	a.data.requireAccount(ctx, t, dataAccount)
	a.service.requireAccount(ctx, t, serviceAccount)
	return a
}

// of is the account that a resource is in: of the service account's, there are only the pods' identities.
func (a accounts) of(r localcloud.Resource) *api {
	if strings.Contains(r.URN, access.PodIdentityType+"$") {
		return a.service
	}
	return a.data
}

func (a accounts) requireEmpty(ctx context.Context, t *testing.T) {
	t.Helper()
	a.data.requireEmpty(ctx, t)
	a.service.requireEmpty(ctx, t)
}

// asProducer goes the way of a cluster's Fluentd: with its ServiceAccount's token to the cluster's role, and with that to
// the writer role. Whether each step is allowed is for tests/permissions: the emulator lets anybody in.
func asProducer(ctx context.Context, t *testing.T, endpoint, fluentdRole, writerRole, externalID string) *api {
	t.Helper()
	anybody := newAPI(endpoint)
	pod, err := anybody.sts.AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: &fluentdRole, RoleSessionName: aws.String("fluentd"), WebIdentityToken: aws.String("the.pods.token"),
	})
	require.NoError(t, err)
	fluentd := newAPIAs(endpoint, static(pod.Credentials))
	fluentd.requireAccount(ctx, t, serviceAccount)
	session, err := fluentd.sts.AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: &writerRole, RoleSessionName: aws.String("fluentd"), ExternalId: &externalID, DurationSeconds: aws.Int32(3600),
	})
	require.NoError(t, err)
	writer := newAPIAs(endpoint, static(session.Credentials))
	writer.requireAccount(ctx, t, dataAccount)
	return writer
}

func (a *api) requireAccount(ctx context.Context, t *testing.T, account string) {
	t.Helper()
	identity, err := a.sts.GetCallerIdentity(ctx, nil)
	require.NoError(t, err)
	assert.Equal(t, account, *identity.Account)
}

func static(c *types.Credentials) aws.CredentialsProvider {
	return credentials.NewStaticCredentialsProvider(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)
}
