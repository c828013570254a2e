package metrics

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/wheel"
)

const (
	// artifacts begins the keys of all that the component writes into the artifacts bucket.
	artifacts    = "metrics/"
	publishedKey = artifacts + "published.json"
	wheelVersion = "1.0.0"
	// wheelPython is what the tests run; Glue 6.0 has 3.13.
	wheelPython = ">=3.11"
	// hashDigits is how much of a SHA-256 names something: 64 bits.
	hashDigits = 16
)

//go:embed all:spark/src
var sources embed.FS

//go:embed spark/stream.py
var script string

// code is what a run is made of.
type code struct{ wheel, script, spec artifact }

// artifact is an S3 object.
type artifact struct {
	object *s3.BucketObjectv2
	// sum is the hash of its content.
	sum string
	uri pulumi.StringOutput
}

// Wheel is the job's Python package as a wheel: its file name and its content.
func Wheel() (name string, content []byte, err error) {
	source, err := fs.Sub(sources, "spark/src")
	if err != nil {
		return "", nil, err
	}
	project := wheel.Project{
		Name: "log-pipeline-metrics", Version: wheelVersion, Summary: "Counts a stream's events minute by minute",
		RequiresPython: wheelPython, Sources: source,
	}
	content, err = project.Build()
	return project.FileName(), content, err
}

func (s *Streaming) provisionCode(ctx *pulumi.Context) error {
	name, content, err := Wheel()
	if err != nil {
		return err
	}
	if s.code.wheel, err = s.provisionArtifact(ctx, "wheel", name, content, &s3.BucketObjectv2Args{
		ContentBase64: pulumi.String(base64.StdEncoding.EncodeToString(content)), ContentType: pulumi.String("application/zip"),
	}); err != nil {
		return err
	}
	if s.code.script, err = s.provisionArtifact(ctx, "script", "stream.py", []byte(script), &s3.BucketObjectv2Args{
		Content: pulumi.String(script), ContentType: pulumi.String("text/x-python"),
	}); err != nil {
		return err
	}
	spec := s.args.Spec.Resolved()
	s.code.spec, err = s.provisionArtifact(ctx, "spec", "spec.json", spec, &s3.BucketObjectv2Args{
		Content: pulumi.String(string(spec)), ContentType: pulumi.String("application/json"),
	})
	return err
}

// provisionArtifact makes an object under the hash of its content. Another content is another object, and the old one stays: a
// run that goes on starts workers with it, and one that comes back to it finds it.
func (s *Streaming) provisionArtifact(ctx *pulumi.Context, role, file string, content []byte, args *s3.BucketObjectv2Args) (artifact, error) {
	sum := sha256.Sum256(content)
	a := artifact{sum: hex.EncodeToString(sum[:])}
	args.Key = pulumi.String(artifacts + a.sum[:hashDigits] + "/" + file)
	object, err := s3.NewBucketObjectv2(ctx, s.name+"-"+role, s.encrypted(args), pulumi.Parent(s), pulumi.RetainOnDelete(true))
	if err != nil {
		return artifact{}, fmt.Errorf("create object %s: %w", role, err)
	}
	a.object, a.uri = object, pulumi.Sprintf("s3://%s/%s", object.Bucket, object.Key)
	return a, nil
}

// encrypted says what is the same for all objects. They have none of the provider's tags: S3 takes ten on an object
// (docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html), and a stack may have more.
func (s *Streaming) encrypted(args *s3.BucketObjectv2Args) *s3.BucketObjectv2Args {
	args.Bucket = s.args.ArtifactsBucketName.ToStringOutput()
	args.ServerSideEncryption = pulumi.String("aws:kms")
	args.KmsKeyId = s.args.KeyARN.ToStringOutput()
	args.BucketKeyEnabled = pulumi.Bool(true)
	args.OverrideProvider = s3.BucketObjectv2OverrideProviderArgs{
		DefaultTags: s3.BucketObjectv2OverrideProviderDefaultTagsArgs{Tags: pulumi.StringMap{}},
	}
	return args
}
