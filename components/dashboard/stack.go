package dashboard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudformation"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/dashboard/internal/content"
)

const (
	// artifacts begins the keys of all that the component writes into the artifacts bucket.
	artifacts = "dashboard/"
	// hashDigits is how much of a SHA-256 names something: 64 bits.
	hashDigits = 16
	// logicalID is the dashboard's in the template: another one would be another dashboard.
	logicalID = "Dashboard"
)

// provisionStack makes the template's object, the stack that makes the dashboard of it, and puts that into the folder.
func (d *Dashboard) provisionStack(ctx *pulumi.Context) error {
	text, err := d.template()
	if err != nil {
		return err
	}
	object, err := d.provisionTemplate(ctx, text)
	if err != nil {
		return err
	}
	after := []pulumi.Resource{object}
	for _, v := range views {
		after = append(after, d.dataSets[v.view])
	}
	stack, err := cloudformation.NewStack(ctx, d.name+"-stack", &cloudformation.StackArgs{
		TemplateUrl: pulumi.Sprintf("https://%s.%s/%s", object.Bucket, d.place.RegionalHost("s3"), object.Key),
	}, d.stateful(after...)...)
	if err != nil {
		return fmt.Errorf("create stack: %w", err)
	}
	d.StackName = stack.Name
	// The id is known, but the dashboard is there after the stack only.
	made := func(text string) pulumi.StringOutput {
		return stack.ID().ApplyT(func(pulumi.ID) string { return text }).(pulumi.StringOutput)
	}
	d.DashboardID, d.DashboardARN = made(d.prefix), made(d.arn("dashboard", d.prefix))
	d.URL = made(fmt.Sprintf("https://%s.quicksight.aws.amazon.com/sn/dashboards/%s", d.args.Region, d.prefix))
	return d.putIntoFolder(ctx, "dashboard", "DASHBOARD", pulumi.String(d.prefix), stack)
}

// provisionTemplate makes an object under the hash of its content, so that another content is another address, and the stack is updated.
// It has none of the provider's tags: S3 takes ten on an object (docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html).
func (d *Dashboard) provisionTemplate(ctx *pulumi.Context, text string) (*s3.BucketObjectv2, error) {
	sum := sha256.Sum256([]byte(text))
	object, err := s3.NewBucketObjectv2(ctx, d.name+"-template", &s3.BucketObjectv2Args{
		Bucket:               d.args.ArtifactsBucketName.ToStringOutput(),
		Key:                  pulumi.String(artifacts + hex.EncodeToString(sum[:])[:hashDigits] + "/template.json"),
		Content:              pulumi.String(text),
		ContentType:          pulumi.String("application/json"),
		ServerSideEncryption: pulumi.String("aws:kms"),
		KmsKeyId:             d.args.KeyARN.ToStringOutput(),
		BucketKeyEnabled:     pulumi.Bool(true),
		OverrideProvider: s3.BucketObjectv2OverrideProviderArgs{
			DefaultTags: s3.BucketObjectv2OverrideProviderDefaultTagsArgs{Tags: pulumi.StringMap{}},
		},
	}, pulumi.Parent(d))
	if err != nil {
		return nil, fmt.Errorf("create object template: %w", err)
	}
	return object, nil
}

// template is the CloudFormation template of the dashboard. Nothing in it is an output: all ids are set.
func (d *Dashboard) template() (string, error) {
	arns := map[string]string{}
	for _, v := range views {
		arns[v.view] = d.arn("dataset", d.dataSetID(v.id))
	}
	var permissions []any
	for _, p := range d.permissions(ofDashboard) {
		permissions = append(permissions, map[string]any{"Principal": p.principal, "Actions": p.actions})
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(map[string]any{
		"AWSTemplateFormatVersion": "2010-09-09",
		"Description":              "The dashboard " + d.prefix,
		"Resources": map[string]any{logicalID: map[string]any{
			"Type": "AWS::QuickSight::Dashboard",
			"Properties": map[string]any{
				"AwsAccountId": d.place.AccountID(),
				"DashboardId":  d.prefix,
				"Name":         d.args.Title,
				"Permissions":  permissions,
				"Definition":   content.Definition(content.Input{Spec: d.args.Spec, Names: d.args.Metrics, DataSetARNs: arns}),
			},
		}},
		"Outputs": map[string]any{"DashboardArn": map[string]any{
			"Description": "ARN of the dashboard", "Value": map[string]any{"Fn::GetAtt": []string{logicalID, "Arn"}},
		}},
	})
	if err != nil {
		return "", fmt.Errorf("template: %w", err)
	}
	return text.String(), nil
}
