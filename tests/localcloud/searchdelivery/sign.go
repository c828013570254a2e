package searchdelivery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Assume is the configuration of AWS's clients under that role.
func Assume(ctx context.Context, config aws.Config, role, session string) (aws.Config, error) {
	answer, err := sts.NewFromConfig(config).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: &session})
	if err != nil {
		return aws.Config{}, fmt.Errorf("assume the role %s: %w", role, err)
	}
	config = config.Copy()
	config.Credentials = credentials.NewStaticCredentialsProvider(
		*answer.Credentials.AccessKeyId, *answer.Credentials.SecretAccessKey, *answer.Credentials.SessionToken)
	return config, nil
}

// Sign signs a request with that body to a search domain, as whoever's credentials the configuration has.
func Sign(ctx context.Context, config aws.Config, request *http.Request, body []byte) error {
	credentials, err := config.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("sign a request: %w", err)
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	request.Header.Set("X-Amz-Content-Sha256", hash)
	return v4.NewSigner().SignHTTP(ctx, credentials, request, hash, "es", config.Region, time.Now())
}
