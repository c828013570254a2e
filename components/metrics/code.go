package metrics

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/internal/wheel"
)

const (
	// artifacts begins the keys of all that the package writes into the artifacts bucket, and batchArtifacts those of the batch:
	// an object has one owner, though both jobs have the same wheel and spec.
	artifacts      = "metrics/"
	batchArtifacts = artifacts + "batch/"

	wheelVersion = "1.0.0"
	// wheelPython is what the tests run; Glue 6.0 has 3.13, and EMR 3.11.
	wheelPython = ">=3.11"
	// hashDigits is how much of a SHA-256 names something: 64 bits.
	hashDigits = 16
)

//go:embed all:spark/src
var sources embed.FS

//go:embed spark/stream.py
var streamScript string

//go:embed spark/batch.py
var batchScript string

// code is what a run is made of.
type code struct{ wheel, script, spec artifact }

// artifact is an S3 object.
type artifact struct {
	object *s3.BucketObjectv2
	// sum is the hash of its content.
	sum string
	uri pulumi.StringOutput
}

// script is the file that a run begins with.
type script struct{ file, content string }

// Wheel is the jobs' Python package as a wheel: its file name and its content.
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

// provisionCode makes the objects of a run. Their keys begin with the prefix.
func (m maker) provisionCode(ctx *pulumi.Context, prefix string, s script, spec *metricspec.Spec) (c code, err error) {
	name, content, err := Wheel()
	if err != nil {
		return code{}, err
	}
	if c.wheel, err = m.provisionArtifact(ctx, "wheel", prefix, name, content, &s3.BucketObjectv2Args{
		ContentBase64: pulumi.String(base64.StdEncoding.EncodeToString(content)), ContentType: pulumi.String("application/zip"),
	}); err != nil {
		return code{}, err
	}
	if c.script, err = m.provisionArtifact(ctx, "script", prefix, s.file, []byte(s.content), &s3.BucketObjectv2Args{
		Content: pulumi.String(s.content), ContentType: pulumi.String("text/x-python"),
	}); err != nil {
		return code{}, err
	}
	resolved := spec.Resolved()
	c.spec, err = m.provisionArtifact(ctx, "spec", prefix, "spec.json", resolved, &s3.BucketObjectv2Args{
		Content: pulumi.String(string(resolved)), ContentType: pulumi.String("application/json"),
	})
	return c, err
}

// provisionArtifact makes an object under the hash of its content. Another content is another object, and the old one stays: a
// run that goes on starts workers with it, and one that comes back to it finds it.
func (m maker) provisionArtifact(
	ctx *pulumi.Context, role, prefix, file string, content []byte, args *s3.BucketObjectv2Args,
) (artifact, error) {
	a := artifact{sum: hash(content)}
	args.Key = pulumi.String(prefix + a.sum[:hashDigits] + "/" + file)
	object, err := s3.NewBucketObjectv2(ctx, m.name+"-"+role, m.encrypted(args), pulumi.Parent(m.parent), pulumi.RetainOnDelete(true))
	if err != nil {
		return artifact{}, fmt.Errorf("create object %s: %w", role, err)
	}
	a.object, a.uri = object, pulumi.Sprintf("s3://%s/%s", object.Bucket, object.Key)
	return a, nil
}

// encrypted says what is the same for all objects. They have none of the provider's tags: S3 takes ten on an object
// (docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html), and a stack may have more.
func (m maker) encrypted(args *s3.BucketObjectv2Args) *s3.BucketObjectv2Args {
	args.Bucket = m.artifactsBucket.ToStringOutput()
	args.ServerSideEncryption = pulumi.String("aws:kms")
	args.KmsKeyId = m.key.ToStringOutput()
	args.BucketKeyEnabled = pulumi.Bool(true)
	args.OverrideProvider = s3.BucketObjectv2OverrideProviderArgs{
		DefaultTags: s3.BucketObjectv2OverrideProviderDefaultTagsArgs{Tags: pulumi.StringMap{}},
	}
	return args
}

// version is a hash of the code and of all else that makes one run differ from another.
func (c code) version(settings map[string]any) (string, error) {
	settings["wheel"], settings["script"], settings["spec"] = c.wheel.sum, c.script.sum, c.spec.sum
	text, err := json.Marshal(settings)
	if err != nil {
		return "", fmt.Errorf("version: %w", err)
	}
	return hash(text)[:hashDigits], nil
}

// objects are what a run reads before all else.
func (c code) objects() []pulumi.Resource {
	return []pulumi.Resource{c.wheel.object, c.script.object, c.spec.object}
}

func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
