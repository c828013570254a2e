package sweeps_test

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/search"
	"example.com/log-pipeline/tests/mocks"
)

const codeSHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

var searchDomain = swept(search.Type, search.New,
	&search.Args{
		AccountID: mocks.AccountID, Region: mocks.Region, KeyARN: pulumi.String(keyARN), LogKeyARN: pulumi.String(keyARN),
		Code: pulumi.NewFileArchive("function.zip"), CodeSHA256: codeSHA256,
		Domain: search.Domain{Zones: 2, Masters: &search.Masters{}},
		Index:  search.Index{Replicas: 1},
		Access: search.Access{
			WriterRoleARN:  pulumi.String("arn:aws:iam::111111111111:role/writer").ToStringOutput(),
			ReaderRoleARNs: []string{"arn:aws:iam::111111111111:role/developers"}, AdminRoleARNs: []string{"arn:aws:iam::111111111111:role/operators"},
			Cognito: &search.Cognito{UserPoolID: "eu-central-1_AbCdEfGhI", IdentityPoolID: "eu-central-1:0b9e2a44"},
		},
		Network: &search.Network{
			Subnets:                []search.Subnet{{ID: "subnet-0a1b2c3d", Zone: "eu-central-1a"}, {ID: "subnet-1a1b2c3d", Zone: "eu-central-1b"}},
			DomainSecurityGroupIDs: []string{"sg-0a1b2c3d"}, ClientSecurityGroupIDs: []string{"sg-1a1b2c3d"},
		},
	},
	&search.Args{
		AccountID: "1", Region: "moon-1", CodeSHA256: "1", Architecture: "arm",
		Domain: search.Domain{
			EngineVersion: "OpenSearch_1.3", InstanceType: "m3.large.search", Instances: 201, Zones: 4, VolumeGiB: 1,
			Masters: &search.Masters{InstanceType: "large", Count: 2},
		},
		Index:            search.Index{Name: "Logs", Rotation: "Never", DaysKept: -1, Shards: -1, Replicas: 5, RefreshSeconds: 1},
		Access:           search.Access{ReaderRoleARNs: []string{"*"}, AdminRoleARNs: []string{"*"}, Cognito: &search.Cognito{}},
		Network:          &search.Network{Subnets: []search.Subnet{{ID: "a"}}},
		LogRetentionDays: 2,
	},
	"AccountID", "Region", "KeyARN", "Code", "CodeSHA256", "Architecture", "Domain.EngineVersion", "Domain.InstanceType", "Domain.Instances", "Domain.Zones",
	"Domain.VolumeGiB", "Domain.Masters.InstanceType", "Domain.Masters.Count", "Index.Name", "Index.Rotation", "Index.DaysKept", "Index.Shards",
	"Index.Replicas", "Index.RefreshSeconds", "Access.WriterRoleARN", "Access.ReaderRoleARNs", "Access.AdminRoleARNs", "Access.Cognito.UserPoolID",
	"Access.Cognito.IdentityPoolID", "Network.Subnets[0].ID", "Network.Subnets[0].Zone", "Network.DomainSecurityGroupIDs", "Network.ClientSecurityGroupIDs",
	"LogRetentionDays",
)
