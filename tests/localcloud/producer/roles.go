package producer

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
)

// sessionName is that of Fluentd's sessions.
const sessionName = "fluentd"

// longestSession is what role chaining caps a session at, in seconds.
const longestSession = 3600

// Roles are those on a cluster's way to the stream.
type Roles struct {
	// FluentdARN is the role of Fluentd's ServiceAccount, in the service account.
	FluentdARN string
	// WriterARN is the role that may write to the stream, in the data account.
	WriterARN string
	// ExternalID is what the writer role asks for.
	ExternalID string
}

// Assume goes the way of a cluster's Fluentd: with its ServiceAccount's token to the cluster's role, and with that to the
// writer role. It returns both configurations. Whether each step is allowed is for tests/permissions: the emulator lets
// anybody in.
func (r Roles) Assume(ctx context.Context, anybody aws.Config) (fluentd, writer aws.Config, err error) {
	pod, err := sts.NewFromConfig(anybody).AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: &r.FluentdARN, RoleSessionName: aws.String(sessionName), WebIdentityToken: aws.String("the.pods.token"),
	})
	if err != nil {
		return fluentd, writer, fmt.Errorf("assume Fluentd's role: %w", err)
	}
	fluentd = as(anybody, pod.Credentials)
	session, err := sts.NewFromConfig(fluentd).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: &r.WriterARN, RoleSessionName: aws.String(sessionName), ExternalId: &r.ExternalID,
		DurationSeconds: aws.Int32(longestSession),
	})
	if err != nil {
		return fluentd, writer, fmt.Errorf("assume the writer role: %w", err)
	}
	return fluentd, as(anybody, session.Credentials), nil
}

func as(config aws.Config, c *types.Credentials) aws.Config {
	config = config.Copy()
	config.Credentials = credentials.NewStaticCredentialsProvider(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)
	return config
}
