package delivery

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
)

// permissions are those of docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es and
// #using-iam-opensearch-vpc, less what only transformations need.
func (d *Search) permissions(log errorLog) iampolicy.Document {
	statements := slices.Concat(
		d.args.Source.permissions(d.place),
		d.writeDocuments(),
		d.args.Backup.objects().permissions(d.place),
		[]iampolicy.Statement{log.permissions()},
	)
	if d.args.Network != nil {
		statements = append(statements, d.args.Network.permissions(d.place)...)
	}
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: statements}
}

// writeDocuments let the role see the domain and write to it: IAM says which requests reach OpenSearch at all, and the
// domain's own roles which indices they may touch. The documentation gives the mapping's path an ending, the type, which
// OpenSearch does not have any more.
func (d *Search) writeDocuments() []iampolicy.Statement {
	var read []pulumi.StringInput
	for _, path := range []string{
		"_all/_settings", "_cluster/stats", d.args.IndexName + "*/_mapping*", "_nodes", "_nodes/stats", "_nodes/*/stats", "_stats",
		d.args.IndexName + "*/_stats",
	} {
		read = append(read, pulumi.Sprintf("%s/%s", d.args.DomainARN, path))
	}
	return []iampolicy.Statement{
		{
			Sid:       "SeeDomain",
			Effect:    iampolicy.Allow,
			Actions:   []string{"es:DescribeDomain", "es:DescribeDomains", "es:DescribeDomainConfig"},
			Resources: []pulumi.StringInput{d.args.DomainARN},
		},
		{
			Sid:       "WriteDocuments",
			Effect:    iampolicy.Allow,
			Actions:   []string{"es:ESHttpPost", "es:ESHttpPut"},
			Resources: []pulumi.StringInput{pulumi.Sprintf("%s/*", d.args.DomainARN)},
		},
		{
			Sid:       "ReadState",
			Effect:    iampolicy.Allow,
			Actions:   []string{"es:ESHttpGet"},
			Resources: read,
		},
	}
}

// permissions let a role make network interfaces in the subnets, and nowhere else. Most that describes has no resources; the
// VPC's attributes have, but which VPC the subnets are in is not known here
// (docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
func (n *Network) permissions(place iampolicy.Place) []iampolicy.Statement {
	const anyInterface = "network-interface/*"
	var subnets, groups []pulumi.StringInput
	for _, id := range n.SubnetIDs {
		subnets = append(subnets, pulumi.String(place.ARN("ec2", "subnet/"+id)))
	}
	for _, id := range n.SecurityGroupIDs {
		groups = append(groups, pulumi.String(place.ARN("ec2", "security-group/"+id)))
	}
	inSubnets := []iampolicy.Condition{{Operator: "ArnEquals", Key: "ec2:Subnet", Values: subnets}}
	return []iampolicy.Statement{
		{
			Sid:    "SeeNetwork",
			Effect: iampolicy.Allow,
			Actions: []string{
				"ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeNetworkInterfaces",
			},
			Resources: iampolicy.Strings("*"),
		},
		{
			Sid:       "SeeVpc",
			Effect:    iampolicy.Allow,
			Actions:   []string{"ec2:DescribeVpcAttribute"},
			Resources: iampolicy.Strings(place.ARN("ec2", "vpc/*")),
		},
		{
			Sid:       "MakeInterfaces",
			Effect:    iampolicy.Allow,
			Actions:   []string{"ec2:CreateNetworkInterface"},
			Resources: slices.Concat(iampolicy.Strings(place.ARN("ec2", anyInterface)), subnets, groups),
		},
		{
			Sid:        "UseInterfaces",
			Effect:     iampolicy.Allow,
			Actions:    []string{"ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"},
			Resources:  iampolicy.Strings(place.ARN("ec2", anyInterface)),
			Conditions: inSubnets,
		},
	}
}
