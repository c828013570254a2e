package awsbridge

import (
	"context"
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

const (
	lifecycle = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	optimizer = "aws:glue/catalogTableOptimizer:CatalogTableOptimizer"
	function  = "aws:lambda/function:Function"
)

func properties(t *testing.T, of map[string]any) *structpb.Struct {
	t.Helper()
	made, err := structpb.NewStruct(of)
	require.NoError(t, err)
	return made
}

func rules(rule map[string]any) map[string]any {
	return map[string]any{"bucket": "b", "rules": []any{rule}}
}

func TestTokensAreTheBridges(t *testing.T) {
	assert.Equal(t, "aws:index/s3BucketPublicAccessBlock:S3BucketPublicAccessBlock",
		types["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"].token())
	assert.Contains(t, includes(), "--include=aws_kinesis_stream")
}

func TestFunctionsAreTheBridges(t *testing.T) {
	assert.Equal(t, "aws:index/getQuicksightGroup:getQuicksightGroup", functionToken("aws_quicksight_group"))
	assert.Contains(t, includes(), "--include=aws_quicksight_group")
	_, err := (&server{}).Invoke(t.Context(), &pulumirpc.InvokeRequest{Tok: "aws:s3/getBucket:getBucket"})
	assert.ErrorContains(t, err, "does not know the function aws:s3/getBucket:getBucket: add it to the table")
}

func TestURNsChangeTheirLastTypeOnly(t *testing.T) {
	urn := "urn:pulumi:local::log-pipeline::log-pipeline:lake:Lake$aws:kms/key:Key::lake-key"
	name := "aws:kms/key:Key"
	_, err := translate(&urn, &name)
	require.NoError(t, err)
	assert.Equal(t, "urn:pulumi:local::log-pipeline::log-pipeline:lake:Lake$aws:index/kmsKey:KmsKey::lake-key", urn)
	assert.Equal(t, "aws:index/kmsKey:KmsKey", name)
	assert.Equal(t, "lake-key", nameOf(urn))
}

func TestUnknownTypeIsASentence(t *testing.T) {
	_, err := lookup("urn:pulumi:local::p::aws:ec2/vpc:Vpc::main")
	assert.ErrorContains(t, err, "the local cloud does not know the type aws:ec2/vpc:Vpc: add it to the table")
}

func TestRenamesThereAndBack(t *testing.T) {
	ours := rules(map[string]any{"id": "x", "filter": map[string]any{"prefix": "a/"}, "expiration": map[string]any{"days": 3.0}})
	theirs := rules(map[string]any{
		"id": "x", "filters": []any{map[string]any{"prefix": "a/"}}, "expirations": []any{map[string]any{"days": 3.0}},
	})
	renames := types[lifecycle].renames
	assert.Equal(t, theirs, toBridge(renames, properties(t, ours)).AsMap())
	assert.Equal(t, ours, inputsFromBridge(renames, properties(t, theirs)).AsMap())
}

// The bridge refuses outputs that it gave itself and that lack an empty list.
func TestOutputsComeBackToTheBridgeWhole(t *testing.T) {
	renames := types[lifecycle].renames
	theirs := rules(map[string]any{"filters": []any{map[string]any{"prefix": "a/"}}, "expirations": []any{}})
	ours := outputsFromBridge(renames, properties(t, theirs))
	assert.Equal(t, map[string]any{"prefix": "a/"}, ours.AsMap()["rules"].([]any)[0].(map[string]any)["filter"])
	assert.Equal(t, theirs, toBridge(renames, ours).AsMap())
}

func TestRenamesWithinRenamesThereAndBack(t *testing.T) {
	ours := map[string]any{"type": "retention", "configuration": map[string]any{
		"enabled": true, "retentionConfiguration": map[string]any{"icebergConfiguration": map[string]any{"cleanExpiredFiles": true}},
	}}
	list := func(item map[string]any) []any { return []any{item} }
	theirs := map[string]any{"type": "retention", "configurations": list(map[string]any{
		"enabled": true, "retentionConfigurations": list(map[string]any{"icebergConfigurations": list(map[string]any{"cleanExpiredFiles": true})}),
	})}
	renames := types[optimizer].renames
	assert.Equal(t, theirs, toBridge(renames, properties(t, ours)).AsMap())
	assert.Equal(t, ours, inputsFromBridge(renames, properties(t, theirs)).AsMap())

	theirs["configurations"].([]any)[0].(map[string]any)["orphanFileDeletionConfigurations"] = []any{}
	outputs := outputsFromBridge(renames, properties(t, theirs))
	iceberg := outputs.AsMap()["configuration"].(map[string]any)["retentionConfiguration"].(map[string]any)["icebergConfiguration"]
	assert.Equal(t, map[string]any{"cleanExpiredFiles": true}, iceberg)
	assert.Equal(t, theirs, toBridge(renames, outputs).AsMap())
}

func TestProviderSettingsTravelAsJSON(t *testing.T) {
	role := properties(t, map[string]any{"assumeRole": `{"roleArn":"r"}`, "defaultTags": `{"tags":{"a":"b"}}`})
	theirs := toBridge(providerRenames, role)
	assert.Equal(t, map[string]any{"assumeRoles": `[{"roleArn":"r"}]`, "defaultTags": `[{"tags":{"a":"b"}}]`}, theirs.AsMap())
	assert.JSONEq(t, `{"roleArn":"r"}`, inputsFromBridge(providerRenames, theirs).AsMap()["assumeRole"].(string))
}

func TestSecretsStaySecret(t *testing.T) {
	secret := map[string]any{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": `{"roleArn":"r"}`}
	theirs := toBridge(providerRenames, properties(t, map[string]any{"assumeRole": secret})).AsMap()["assumeRoles"].(map[string]any)
	assert.JSONEq(t, `[{"roleArn":"r"}]`, theirs["value"].(string))
	assert.Len(t, theirs, 2)
}

func TestPathsOfDifferences(t *testing.T) {
	renames := types[lifecycle].renames
	for theirs, ours := range map[string]string{
		"rules[0].filters[0].prefix": "rules[0].filter.prefix",
		"rules[1].filters":           "rules[1].filter",
		"rules[0].id":                "rules[0].id",
		"bucket":                     "bucket",
	} {
		assert.Equal(t, ours, pathFromBridge(renames, theirs))
	}
	assert.Equal(t, "configuration.retentionConfiguration.icebergConfiguration.cleanExpiredFiles", pathFromBridge(types[optimizer].renames,
		"configurations[0].retentionConfigurations[0].icebergConfigurations[0].cleanExpiredFiles"))
}

func archive(members map[string]any) map[string]any {
	members[sig.Key] = sig.ArchiveSig
	return members
}

func TestFunctionsCodeIsAPathAndAHashThereAndBack(t *testing.T) {
	ours := map[string]any{"name": "f", "code": archive(map[string]any{"path": "f.zip", "hash": "h"}), "timeout": 3.0}
	theirs := map[string]any{"functionName": "f", "filename": "f.zip", "sourceCodeHash": "h", "timeout": 3.0}
	renames := types[function].renames
	assert.Equal(t, theirs, toBridge(renames, properties(t, ours)).AsMap())
	ours["sourceCodeHash"] = "h"
	assert.Equal(t, ours, inputsFromBridge(renames, properties(t, theirs)).AsMap())

	outputs := outputsFromBridge(renames, properties(t, theirs))
	assert.Equal(t, "f", outputs.AsMap()["name"])
	assert.Equal(t, ours["code"], outputs.AsMap()["code"])
	assert.Equal(t, theirs, toBridge(renames, outputs).AsMap())
}

func TestHashThatIsGivenIsKept(t *testing.T) {
	ours := map[string]any{"code": archive(map[string]any{"path": "f.zip", "hash": "h"}), "sourceCodeHash": "given"}
	assert.Equal(t, "given", toBridge(types[function].renames, properties(t, ours)).AsMap()["sourceCodeHash"])
}

func TestArchivesAreComparedByTheirHashes(t *testing.T) {
	for hash, same := range map[string]bool{"h": true, "other": false} {
		kind := types[function]
		// As the engine asks for a difference: without the new path.
		req := &pulumirpc.DiffRequest{
			Olds: properties(t, map[string]any{"filename": "f.zip", "sourceCodeHash": "h"}),
			News: properties(t, map[string]any{"code": archive(map[string]any{"hash": hash})}),
		}
		kind.fillPaths(req)
		assert.Equal(t, same, assert.ObjectsAreEqual(req.GetOlds().AsMap(), toBridge(kind.renames, req.GetNews()).AsMap()), hash)
	}
}

func TestUpstreamIsToldNotToWait(t *testing.T) {
	domain := types["aws:opensearch/domain:Domain"]
	req := &pulumirpc.CheckRequest{
		Urn: "urn:pulumi:local::p::aws:opensearch/domain:Domain::search", RandomSeed: []byte{0xab, 0xcd, 0xef, 0x01, 0x23},
	}
	domain.fillName(req)
	domain.fillTimeouts(req)
	assert.Equal(t, map[string]any{
		"domainName": "search-abcdef0", "timeouts": map[string]any{"create": "1s", "update": "35s", "delete": "1s"},
	}, req.GetNews().AsMap())

	req = &pulumirpc.CheckRequest{}
	types[function].fillTimeouts(req)
	assert.Nil(t, req.GetNews())
}

// patientBridge deletes at once, and says so only when it is told to end.
type patientBridge struct {
	pulumirpc.ResourceProviderClient

	refusal error
}

func (b patientBridge) Delete(ctx context.Context, _ *pulumirpc.DeleteRequest, _ ...grpc.CallOption) (*emptypb.Empty, error) {
	if b.refusal == nil {
		<-ctx.Done()
	}
	return nil, b.refusal
}

func (b patientBridge) Read(context.Context, *pulumirpc.ReadRequest, ...grpc.CallOption) (*pulumirpc.ReadResponse, error) {
	return &pulumirpc.ReadResponse{}, nil
}

func TestDeletionEndsWhenTheResourceIsGone(t *testing.T) {
	urn := "urn:pulumi:local::p::aws:opensearch/domain:Domain::search"
	_, err := (&server{bridge: patientBridge{}}).Delete(t.Context(), &pulumirpc.DeleteRequest{Urn: urn})
	require.NoError(t, err)
	_, err = (&server{bridge: patientBridge{refusal: errors.New("no")}}).Delete(t.Context(), &pulumirpc.DeleteRequest{Urn: urn})
	assert.EqualError(t, err, "no")
}
