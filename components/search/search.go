// Package search builds what logs are searched in: an OpenSearch domain, and all that is inside it.
//
//   - The domain, with its log groups and the one policy of CloudWatch Logs that lets it write to them, which is there before
//     the domain, as OpenSearch Service refuses a domain that cannot write its logs.
//   - Its access policy, which names the roles of people one by one. Function and writer have policies of their own.
//   - A function, which the program runs when it is new and again on each change. It makes what is inside: index template,
//     ingest pipeline, lifecycle policy, roles and the index pattern of Dashboards (packages searchinside and searchindex). Its role is
//     the domain's only master user. Its failure is the update's.
//
// Default settings: OpenSearch 2.19, one m7g.large.search with a gp3 volume of 100 GiB, with the operations and the throughput
// that a volume of its size has at no price of its own; no dedicated masters; encryption at rest by Args.KeyARN and between
// nodes; HTTPS alone, TLS 1.2 with perfect forward secrecy; fine-grained access control without users or passwords of its own;
// error, audit and slow logs kept 365 days; Auto-Tune where the instance type has it; updates of the service's software by
// themselves in the region's night, the off-peak window; IPv4; a public endpoint. Indices named logs-2026-01-31, one a day, kept
// 30 days, of one shard without a copy. The function has ARM64, 256 MiB and five minutes, its log in a group of its own, and no
// reserved concurrency, which a new account has none of: it runs once an update, and a run may be repeated.
//
// Snapshots are the service's own: every hour, kept 14 days, in a bucket of the service's
// (docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshots.html). A time of day can be set for domains of
// Elasticsearch before 5.3 alone.
//
// A domain in a VPC needs the account's service-linked role, which the first domain made in the console makes:
// aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com.
//
// What it does not do: it makes no roles for people, no pools, no security groups and no alarms, sends no documents, and has neither
// warm nor cold storage nor standby zones.
package search

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/opensearch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/internal/loggroup"
	"example.com/log-pipeline/internal/component"
	"example.com/log-pipeline/internal/iampolicy"
)

// Type is the component's type token.
const Type = "log-pipeline:search:Search"

var kind = component.Kind{Type: Type, Noun: "search domain"}

// Search is the domain with what is inside it.
type Search struct {
	pulumi.ResourceState

	// DomainARN is the domain's ARN.
	DomainARN pulumi.StringOutput `pulumi:"domainArn"`
	// DomainName is its generated name.
	DomainName pulumi.StringOutput `pulumi:"domainName"`
	// Endpoint is where requests go: https:// and a host.
	Endpoint pulumi.StringOutput `pulumi:"endpoint"`
	// DashboardURL is where people search.
	DashboardURL pulumi.StringOutput `pulumi:"dashboardUrl"`
	// FunctionName is the function that makes what is inside.
	FunctionName pulumi.StringOutput `pulumi:"functionName"`
	// FunctionRoleARN is its role, the domain's master user.
	FunctionRoleARN pulumi.StringOutput `pulumi:"functionRoleArn"`
	// IndexPattern matches the indices, as in Dashboards.
	IndexPattern pulumi.StringOutput `pulumi:"indexPattern"`

	args  Args
	name  string
	place iampolicy.Place
	ready []pulumi.Resource

	logs           domainLogs
	role           *iam.Role
	permitted      *iam.RolePolicy
	domain         *opensearch.Domain
	functionLog    *cloudwatch.LogGroup
	dashboardsRole *dashboardsRole
}

// New makes the domain and what is inside it. It returns all faults of args in one error, and registers nothing then.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Search, error) {
	s := &Search{args: args.resolve(), name: name}
	return component.New(ctx, kind, name, s, args.Check(name), s.provision, opts...)
}

// Ready are the resources after which the domain takes documents as it should, for pulumi.DependsOn.
func (s *Search) Ready() []pulumi.Resource { return s.ready }

func (s *Search) provision(ctx *pulumi.Context) (err error) {
	if s.place, err = iampolicy.NewPlace(s.args.AccountID, s.args.Region); err != nil {
		return err
	}
	s.IndexPattern = pulumi.String(s.args.Index.settings().Pattern()).ToStringOutput()
	for _, step := range []func(*pulumi.Context) error{
		s.provisionLogs, s.provisionRole, s.permitRole, s.provisionDashboardsRole, s.provisionDomain, s.provisionAccessPolicy, s.provisionFunction,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// neededByTheDomain are the options of what the domain works with: a domain that is retained goes on only if that is
// retained too.
func (s *Search) neededByTheDomain() []pulumi.ResourceOption {
	return []pulumi.ResourceOption{pulumi.Parent(s), pulumi.RetainOnDelete(s.args.Protect)}
}

// newLogGroup makes a log group under the component's name and an ending.
func (s *Search) newLogGroup(ctx *pulumi.Context, ending string) (*cloudwatch.LogGroup, error) {
	return loggroup.New(ctx, s.name+ending, s.args.LogRetentionDays, s.args.LogKeyARN, s.neededByTheDomain()...)
}
