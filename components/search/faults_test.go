package search_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/log-pipeline/components/search"
	"example.com/log-pipeline/internal/fault"
)

func TestFaults(t *testing.T) {
	inZones := func(zones ...string) func(*search.Args) {
		return func(a *search.Args) {
			everything(a)
			for i, zone := range zones {
				a.Network.Subnets[i].Zone = zone
			}
		}
	}
	for name, test := range map[string]struct {
		change func(*search.Args)
		want   string
	}{
		"account":         {func(a *search.Args) { a.AccountID = "1" }, "AccountID: not allowed"},
		"no region":       {func(a *search.Args) { a.Region = "" }, "Region: not set, but required"},
		"no key":          {func(a *search.Args) { a.KeyARN = nil }, "KeyARN: not set, but required"},
		"no code":         {func(a *search.Args) { a.Code = nil }, "Code: not set, but required"},
		"no hash":         {func(a *search.Args) { a.CodeSHA256 = "" }, "CodeSHA256: not set, but required; allowed: a SHA-256 in 64 hex digits"},
		"architecture":    {func(a *search.Args) { a.Architecture = "arm" }, `Architecture: not allowed (given: "arm"); allowed: arm64 or x86_64`},
		"retention":       {func(a *search.Args) { a.LogRetentionDays = 2 }, "LogRetentionDays: not allowed"},
		"Elasticsearch":   {func(a *search.Args) { a.Domain.EngineVersion = "Elasticsearch_7.10" }, `Domain.EngineVersion: not allowed (given: "Elasticsearch_7.10"); allowed: OpenSearch_2.13 or later, such as OpenSearch_2.19`},
		"bare version":    {func(a *search.Args) { a.Domain.EngineVersion = "2.19" }, "Domain.EngineVersion: not allowed"},
		"old version":     {func(a *search.Args) { a.Domain.EngineVersion = "OpenSearch_2.5" }, "Domain.EngineVersion: older than 2.13, which first had all that the ingest pipeline needs"},
		"older version":   {func(a *search.Args) { a.Domain.EngineVersion = "OpenSearch_1.10" }, "Domain.EngineVersion: older than 2.13"},
		"no ending":       {func(a *search.Args) { a.Domain.InstanceType = "m7g.large" }, "Domain.InstanceType: not allowed"},
		"no such size":    {func(a *search.Args) { a.Domain.InstanceType = "m7g.huge.search" }, "Domain.InstanceType: not allowed"},
		"not encrypted":   {func(a *search.Args) { a.Domain.InstanceType = "t2.small.search" }, "Domain.InstanceType: the type has no encryption at rest"},
		"disks":           {func(a *search.Args) { a.Domain.InstanceType = "i3.large.search" }, "Domain.InstanceType: the type has disks of its own"},
		"small volume":    {func(a *search.Args) { a.Domain.VolumeGiB = 9 }, "Domain.VolumeGiB: out of range"},
		"volume of type":  {func(a *search.Args) { a.Domain.InstanceType, a.Domain.VolumeGiB = "t3.small.search", 101 }, `Domain.VolumeGiB: a node of Domain.InstanceType t3.small.search takes 10 to 100 GiB (given: "101"); nearest: 100`},
		"too many of T":   {func(a *search.Args) { a.Domain.InstanceType, a.Domain.Instances = "t3.small.search", 11 }, `Domain.Instances: a domain has at most 10 of Domain.InstanceType t3.small.search (given: "11"); nearest: 10`},
		"no instances":    {func(a *search.Args) { a.Domain.Instances = -1; a.Index.Replicas = 0 }, "Domain.Instances: out of range"},
		"zones":           {func(a *search.Args) { a.Domain.Zones, a.Domain.Instances, a.Index.Replicas = 4, 4, 1 }, `Domain.Zones: out of range (given: "4"); allowed: an integer from 1 to 3`},
		"uneven zones":    {func(a *search.Args) { a.Domain.Zones, a.Domain.Instances, a.Index.Replicas = 3, 4, 1 }, `Domain.Instances: no multiple of the 3 Domain.Zones, which then would not have as many instances each (given: "4"); nearest: 6`},
		"two masters":     {func(a *search.Args) { a.Domain.Masters = &search.Masters{Count: 2} }, `Domain.Masters.Count: not allowed (given: "2"); allowed: one of 0, 3, 5`},
		"type of masters": {func(a *search.Args) { a.Domain.Masters = &search.Masters{InstanceType: "large"} }, "Domain.Masters.InstanceType: not allowed"},
		"small masters": {
			func(a *search.Args) {
				a.Domain.Instances, a.Domain.Masters = 11, &search.Masters{InstanceType: "t3.medium.search"}
			},
			`Domain.Masters.InstanceType: masters of the T family are for 10 data nodes at most, and Domain.Instances is 11 (given: "t3.medium.search")`,
		},
		"upper case":         {func(a *search.Args) { a.Index.Name = "Logs" }, `Index.Name: not allowed (given: "Logs"); nearest: logs`},
		"rotation":           {func(a *search.Args) { a.Index.Rotation = "NoRotation" }, "Index.Rotation: not allowed"},
		"kept too short":     {func(a *search.Args) { a.Index.Rotation, a.Index.DaysKept = "OneMonth", 30 }, `Index.DaysKept: shorter than the Index.Rotation of OneMonth, for which one index is written (given: "30"); nearest: 31`},
		"shards":             {func(a *search.Args) { a.Index.Shards = -1 }, "Index.Shards: out of range"},
		"refresh":            {func(a *search.Args) { a.Index.RefreshSeconds = 1 }, "Index.RefreshSeconds: out of range"},
		"nowhere for a copy": {func(a *search.Args) { a.Index.Replicas = 1 }, `Index.Replicas: each copy of a shard is on another node than the primary, and Domain.Instances is 1 (given: "1"); nearest: 0`},
		"zones without a copy": {
			func(a *search.Args) { a.Domain.Zones = 2 }, `Index.Replicas: without a copy in another zone, 2 Domain.Zones lose documents as one does (given: "0"); nearest: 1`,
		},
		"no writer":       {func(a *search.Args) { a.Access.WriterRoleARN = nil }, "Access.WriterRoleARN: not set, but required"},
		"reader":          {func(a *search.Args) { a.Access.ReaderRoleARNs = []string{"developers"} }, `Access.ReaderRoleARNs: "developers": not allowed; allowed: the ARN of an IAM role`},
		"everybody":       {func(a *search.Args) { a.Access.AdminRoleARNs = []string{"*"} }, `Access.AdminRoleARNs: "*": not allowed`},
		"no user pool":    {func(a *search.Args) { everything(a); a.Access.Cognito.UserPoolID = "" }, "Access.Cognito.UserPoolID: not set, but required"},
		"identity pool":   {func(a *search.Args) { everything(a); a.Access.Cognito.IdentityPoolID = "pool" }, "Access.Cognito.IdentityPoolID: not allowed"},
		"nobody signs in": {func(a *search.Args) { everything(a); a.Access.ReaderRoleARNs, a.Access.AdminRoleARNs = nil, nil }, "Access.ReaderRoleARNs: no role of this account is among them or the Access.AdminRoleARNs: who signs in has a role of the identity pool"},
		"guests sign in": {func(a *search.Args) {
			everything(a)
			a.Access.ReaderRoleARNs, a.Access.AdminRoleARNs = []string{"arn:aws:iam::222222222222:role/guests"}, nil
		}, "Access.ReaderRoleARNs: no role of this account is among them"},
		"no subnets":       {func(a *search.Args) { everything(a); a.Network.Subnets = nil }, "Network.Subnets: not set, but required"},
		"a subnet's id":    {func(a *search.Args) { everything(a); a.Network.Subnets[1].ID = "a" }, "Network.Subnets[1].ID: not allowed"},
		"no zone":          {func(a *search.Args) { everything(a); a.Network.Subnets[1].Zone = "" }, "Network.Subnets[1].Zone: not set, but required"},
		"same zone":        {inZones("eu-central-1a", "eu-central-1a"), `Network.Subnets[1].Zone: that of Network.Subnets[0] too: each subnet of a domain is in another zone (given: "eu-central-1a")`},
		"same subnet":      {func(a *search.Args) { everything(a); a.Network.Subnets[2].ID = a.Network.Subnets[0].ID }, `Network.Subnets[2].ID: that of Network.Subnets[0] too`},
		"elsewhere":        {inZones("eu-west-1a"), `Network.Subnets[0].Zone: no zone of the Region eu-central-1 (given: "eu-west-1a")`},
		"too few subnets":  {func(a *search.Args) { everything(a); a.Network.Subnets = a.Network.Subnets[:2] }, "Network.Subnets: 2 given, and Domain.Zones is 3: a domain has one in each zone"},
		"too many subnets": {func(a *search.Args) { everything(a); a.Domain.Zones = 2 }, "Network.Subnets: 3 given, and Domain.Zones is 2: a domain has one in each zone"},
		"no groups":        {func(a *search.Args) { everything(a); a.Network.DomainSecurityGroupIDs = nil }, "Network.DomainSecurityGroupIDs: not set, but required"},
		"a group's id":     {func(a *search.Args) { everything(a); a.Network.ClientSecurityGroupIDs = []string{"default"} }, `Network.ClientSecurityGroupIDs: "default": not allowed`},
	} {
		t.Run(name, func(t *testing.T) {
			args := minimal()
			test.change(args)
			recording, err := create(args)
			require.ErrorContains(t, err, `search domain "search": `+test.want)
			var faults fault.List
			require.ErrorAs(t, err, &faults)
			assert.Len(t, faults, 1)
			assert.Empty(t, recording.All())
		})
	}
}

func TestWhatTheServicesTakeIsTaken(t *testing.T) {
	for name, change := range map[string]func(*search.Args){
		"the oldest version":  func(a *search.Args) { a.Domain.EngineVersion = "OpenSearch_2.13" },
		"the next major one":  func(a *search.Args) { a.Domain.EngineVersion = "OpenSearch_3.1" },
		"zones without a VPC": func(a *search.Args) { a.Domain.Zones, a.Index.Replicas = 2, 1 },
		"a VPC with one zone": func(a *search.Args) {
			everything(a)
			a.Domain.Zones, a.Network.Subnets = 1, a.Network.Subnets[:1]
		},
		"five masters": func(a *search.Args) { a.Domain.Masters = &search.Masters{Count: 5} },
	} {
		assert.Empty(t, func() fault.List { args := minimal(); change(args); return args.Check("search") }(), name)
	}
}

func TestANameThatMakesNoDomainIsRefused(t *testing.T) {
	for _, name := range []string{"Search", "1-search", "search-of-our-shop"} {
		require.ErrorContains(t, minimal().Check(name), `name: makes the name "`+name+`-domain-0a1b2c3"`, name)
	}
	assert.Empty(t, minimal().Check("shop-search"))
}
