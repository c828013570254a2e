package awsbridge

import (
	"encoding/hex"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// fillName gives the resource the name it had, or a new one of its logical
// name and seven random digits, as pulumi-aws does.
func (t resourceType) fillName(req *pulumirpc.CheckRequest) {
	if t.autoname == "" || req.GetNews().GetFields()[t.autoname] != nil {
		return
	}
	name := req.GetOlds().GetFields()[t.autoname]
	if name == nil {
		suffix := hex.EncodeToString(req.GetRandomSeed())
		name = structpb.NewStringValue(nameOf(req.GetUrn()) + "-" + suffix[:min(7, len(suffix))])
	}
	fill(req, t.autoname, name)
}

// fillTimeouts has the upstream provider look soon where it would wait. It is
// told so in a block of the resource: the bridge ignores the engine's own
// timeouts (pulumi-terraform-bridge v3.120.0, pkg/pf/tfbridge).
func (t resourceType) fillTimeouts(req *pulumirpc.CheckRequest) {
	if len(t.timeouts) == 0 {
		return
	}
	block := make(map[string]*structpb.Value, len(t.timeouts))
	for operation, timeout := range t.timeouts {
		block[operation] = structpb.NewStringValue(timeout)
	}
	fill(req, "timeouts", structpb.NewStructValue(&structpb.Struct{Fields: block}))
}

func fill(req *pulumirpc.CheckRequest, property string, value *structpb.Value) {
	if req.GetNews().GetFields() == nil {
		req.News = &structpb.Struct{Fields: map[string]*structpb.Value{}}
	}
	req.News.Fields[property] = value
}

// fillPaths gives each archive the path of the old one. Of an archive to compare the engine sends the hash alone, by which
// it differs or not wherever it is.
func (t resourceType) fillPaths(req *pulumirpc.DiffRequest) {
	for _, r := range t.renames {
		archive := req.GetNews().GetFields()[r.from].GetStructValue().GetFields()
		if old := req.GetOlds().GetFields()[r.to]; r.as == archivePath && archive != nil && archive["path"] == nil && old != nil {
			archive["path"] = old
		}
	}
}
