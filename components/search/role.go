package search

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/iamrole"
	"example.com/log-pipeline/internal/naming"
)

const functionSuffix = "-function"

// provisionRole makes the function's role, which the domain has as its master user.
func (s *Search) provisionRole(ctx *pulumi.Context) (err error) {
	s.role, err = iamrole.NewAlone(ctx, s.name+functionSuffix, iamrole.Args{
		Description: fmt.Sprintf("Function of %s: makes what is inside the domain", s.name),
		Trust:       s.trustLambda(),
	}, s.neededByTheDomain()...)
	if err != nil {
		return err
	}
	s.FunctionRoleARN = s.role.Arn
	return nil
}

func (s *Search) permitRole(ctx *pulumi.Context) (err error) {
	if s.functionLog, err = s.newLogGroup(ctx, functionSuffix+"-log"); err != nil {
		return err
	}
	s.permitted, err = iamrole.Permit(ctx, s.name+functionSuffix, s.role.Name, s.permissions(), s.neededByTheDomain()...)
	return err
}

// trustLambda is for functions of this account. Lambda says whose function it is
// (gh:aws/agent-toolkit-for-aws, lambda-trust-policy.json).
func (s *Search) trustLambda() iampolicy.Document {
	return iampolicy.Document{Kind: iampolicy.Trust, Statements: []iampolicy.Statement{{
		Sid:        "FunctionsOfThisAccount",
		Effect:     iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.Services("lambda.amazonaws.com")},
		Actions:    []string{"sts:AssumeRole"},
		Conditions: []iampolicy.Condition{
			{Operator: "StringEquals", Key: "aws:SourceAccount", Values: iampolicy.Strings(s.place.AccountID())},
		},
	}}}
}

// permissions are there before the domain, so that IAM knows them everywhere when the function runs: the domain's name is the pattern
// of a generated one. They have nothing for the key of the environment: Lambda gives the role a grant for it when the function is made
// (registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function, kms_key_arn).
func (s *Search) permissions() iampolicy.Document {
	statements := []iampolicy.Statement{
		{
			Sid:       "MakeTheInside",
			Effect:    iampolicy.Allow,
			Actions:   puts,
			Resources: iampolicy.Strings(domainPattern(s.place, s.name) + "/*"),
		},
		{
			Sid:       "Log",
			Effect:    iampolicy.Allow,
			Actions:   []string{"logs:CreateLogStream", "logs:PutLogEvents"},
			Resources: []pulumi.StringInput{pulumi.Sprintf("%s:*", s.functionLog.Arn)},
		},
	}
	if s.args.Network != nil {
		statements = append(statements, s.useNetwork()...)
	}
	return iampolicy.Document{Kind: iampolicy.Identity, Statements: statements}
}

// useNetwork is what Lambda itself needs for the function's interfaces, and takes it from the function's code
// (docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions). Lambda tries it out before there is an
// interface, so that no condition on one would hold, and asks for the deletion of anything in the account. An ARN for that ends in one
// wildcard: IAM takes none for the type alone (docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html#arns-paths-wildcards).
func (s *Search) useNetwork() []iampolicy.Statement {
	interfaces := s.place.ARN("ec2", "network-interface/*")
	places := iampolicy.Strings(interfaces)
	for _, id := range s.args.Network.SubnetIDs() {
		places = append(places, pulumi.String(s.place.ARN("ec2", "subnet/"+id)))
	}
	for _, id := range s.args.Network.ClientSecurityGroupIDs {
		places = append(places, pulumi.String(s.place.ARN("ec2", "security-group/"+id)))
	}
	function := s.place.ARN("lambda", "function:"+naming.AutoNamed(s.name+functionSuffix))
	return []iampolicy.Statement{
		{
			Sid:       "SeeNetwork",
			Effect:    iampolicy.Allow,
			Actions:   []string{"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"},
			Resources: iampolicy.Strings("*"),
		},
		{
			Sid:       "MakeInterfaces",
			Effect:    iampolicy.Allow,
			Actions:   []string{"ec2:CreateNetworkInterface"},
			Resources: places,
		},
		{
			Sid:       "UseInterfaces",
			Effect:    iampolicy.Allow,
			Actions:   []string{"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"},
			Resources: iampolicy.Strings(interfaces),
		},
		{
			Sid:       "DeleteInterfaces",
			Effect:    iampolicy.Allow,
			Actions:   []string{"ec2:DeleteNetworkInterface"},
			Resources: iampolicy.Strings(s.place.ARN("ec2", "*")),
		},
		{
			Sid:    "NotFromTheCode",
			Effect: iampolicy.Deny,
			Actions: []string{
				"ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces",
				"ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
			},
			Resources: iampolicy.Strings("*"),
			Conditions: []iampolicy.Condition{
				{Operator: "ArnLike", Key: "lambda:SourceFunctionArn", Values: iampolicy.Strings(function)},
			},
		},
	}
}
