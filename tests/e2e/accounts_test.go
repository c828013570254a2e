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
	"example.com/log-pipeline/tests/localcloud/producer"
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

// asProducer goes the way of a cluster's Fluentd.
func asProducer(ctx context.Context, t *testing.T, endpoint string, roles producer.Roles) *api {
	t.Helper()
	fluentd, writer, err := roles.Assume(ctx, newAPI(endpoint).config)
	require.NoError(t, err)
	newAPIAs(endpoint, fluentd.Credentials).requireAccount(ctx, t, serviceAccount)
	as := newAPIAs(endpoint, writer.Credentials)
	as.requireAccount(ctx, t, dataAccount)
	return as
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
