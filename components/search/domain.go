package search

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/opensearch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// timeouts are longer than the provider's own, which domains have taken longer than (gh:hashicorp/terraform-provider-aws#33897). A
// change may fill a second set of nodes with all that is in the first.
var timeouts = pulumi.CustomTimeouts{Create: "2h", Update: "12h", Delete: "3h"}

// domainSuffix ends the logical name of the domain. Its generated name has 28 characters at most.
const domainSuffix = "-domain"

func (s *Search) provisionDomain(ctx *pulumi.Context) (err error) {
	needed := []pulumi.Resource{s.logs.policy}
	args := &opensearch.DomainArgs{
		EngineVersion: pulumi.String(s.args.Domain.EngineVersion),
		IpAddressType: pulumi.String("ipv4"),
		ClusterConfig: s.args.Domain.cluster(),
		EbsOptions:    s.args.Domain.volume(),
		EncryptAtRest: opensearch.DomainEncryptAtRestArgs{
			Enabled: pulumi.Bool(true), KmsKeyId: s.args.KeyARN.ToStringOutput(),
		},
		NodeToNodeEncryption: opensearch.DomainNodeToNodeEncryptionArgs{Enabled: pulumi.Bool(true)},
		DomainEndpointOptions: opensearch.DomainDomainEndpointOptionsArgs{
			EnforceHttps: pulumi.Bool(true), TlsSecurityPolicy: pulumi.String("Policy-Min-TLS-1-2-PFS-2023-10"),
		},
		AdvancedSecurityOptions: opensearch.DomainAdvancedSecurityOptionsArgs{
			Enabled:                     pulumi.Bool(true),
			InternalUserDatabaseEnabled: pulumi.Bool(false),
			MasterUserOptions:           opensearch.DomainAdvancedSecurityOptionsMasterUserOptionsArgs{MasterUserArn: s.role.Arn},
		},
		LogPublishingOptions:  s.logs.published(),
		AutoTuneOptions:       s.autoTune(),
		OffPeakWindowOptions:  opensearch.DomainOffPeakWindowOptionsArgs{Enabled: pulumi.Bool(true)},
		SoftwareUpdateOptions: opensearch.DomainSoftwareUpdateOptionsArgs{AutoSoftwareUpdateEnabled: pulumi.Bool(true)},
	}
	if s.args.Network != nil {
		args.VpcOptions = s.args.Network.ofDomain()
	}
	if s.dashboardsRole != nil {
		args.CognitoOptions = s.dashboardsRole.signIn(s.args.Access.Cognito)
		needed = append(needed, s.dashboardsRole.policy)
	}
	opts := []pulumi.ResourceOption{
		pulumi.Parent(s), pulumi.Protect(s.args.Protect), pulumi.RetainOnDelete(s.args.Protect),
		// Not among the inputs, but tried out when the domain is created.
		pulumi.DependsOn(needed),
		pulumi.Timeouts(&timeouts),
	}
	if s.domain, err = opensearch.NewDomain(ctx, s.name+domainSuffix, args, opts...); err != nil {
		return fmt.Errorf("create domain: %w", err)
	}
	s.ready = append(s.ready, s.domain)
	s.DomainARN, s.DomainName = s.domain.Arn, s.domain.DomainName
	s.Endpoint = pulumi.Sprintf("https://%s", s.domain.Endpoint)
	s.DashboardURL = pulumi.Sprintf("https://%s", s.domain.DashboardEndpoint)
	return nil
}

func (d Domain) cluster() opensearch.DomainClusterConfigArgs {
	cluster := opensearch.DomainClusterConfigArgs{
		InstanceType:         pulumi.String(d.InstanceType),
		InstanceCount:        pulumi.Int(d.Instances),
		ZoneAwarenessEnabled: pulumi.Bool(d.Zones > 1),
	}
	if d.Zones > 1 {
		cluster.ZoneAwarenessConfig = opensearch.DomainClusterConfigZoneAwarenessConfigArgs{AvailabilityZoneCount: pulumi.Int(d.Zones)}
	}
	if d.Masters != nil {
		cluster.DedicatedMasterEnabled = pulumi.Bool(true)
		cluster.DedicatedMasterType = pulumi.String(d.Masters.InstanceType)
		cluster.DedicatedMasterCount = pulumi.Int(d.Masters.Count)
	}
	return cluster
}

// What a gp3 volume of OpenSearch Service has at no price of its own. Less is refused, and what is left out is that of a small
// volume, which is refused for a larger one (gh:hashicorp/terraform-provider-aws#39136, with the formula of calculator.aws).
const (
	leastIOPS, iopsPerGiB, freeIOPS = 3_000, 3, 16_000
	// Throughput is in MiB/s: the least for a small volume, as of 100 GiB in docs.aws.amazon.com/opensearch-service/latest/developerguide/
	// createupdatedomains.html#createdomains-cli, and from where EBS gives more to larger ones, a step for each 3,000 GiB.
	smallThroughput, smallGiB                     = 125, 170
	throughputStep, throughputGiB, freeThroughput = 250, 3_000, 1_000
)

func (d Domain) volume() opensearch.DomainEbsOptionsArgs {
	throughput := smallThroughput
	if d.VolumeGiB >= smallGiB {
		throughput = min((d.VolumeGiB+throughputGiB-1)/throughputGiB*throughputStep, freeThroughput)
	}
	return opensearch.DomainEbsOptionsArgs{
		EbsEnabled: pulumi.Bool(true),
		VolumeType: pulumi.String("gp3"),
		VolumeSize: pulumi.Int(d.VolumeGiB),
		Iops:       pulumi.Int(min(max(d.VolumeGiB*iopsPerGiB, leastIOPS), freeIOPS)),
		Throughput: pulumi.Int(throughput),
	}
}

// autoTune is off where there is none, which has to be said (gh:hashicorp/terraform-provider-aws#30652): for burstable instances, and
// in partitions but AWS's first (docs.aws.amazon.com/opensearch-service/latest/developerguide/auto-tune.html).
func (s *Search) autoTune() opensearch.DomainAutoTuneOptionsArgs {
	if burstable(s.args.Domain.InstanceType) || s.place.Partition().ID != "aws" {
		return opensearch.DomainAutoTuneOptionsArgs{DesiredState: pulumi.String("DISABLED")}
	}
	return opensearch.DomainAutoTuneOptionsArgs{DesiredState: pulumi.String("ENABLED"), UseOffPeakWindow: pulumi.Bool(true)}
}

func (l domainLogs) published() opensearch.DomainLogPublishingOptionArray {
	options := make(opensearch.DomainLogPublishingOptionArray, len(l.groups))
	for i, group := range l.groups {
		options[i] = opensearch.DomainLogPublishingOptionArgs{
			LogType: pulumi.String(publishedLogs[i].kind), CloudwatchLogGroupArn: group.Arn, Enabled: pulumi.Bool(true),
		}
	}
	return options
}

func (n *Network) ofDomain() opensearch.DomainVpcOptionsArgs {
	return opensearch.DomainVpcOptionsArgs{
		SubnetIds: pulumi.ToStringArray(n.SubnetIDs()), SecurityGroupIds: pulumi.ToStringArray(n.DomainSecurityGroupIDs),
	}
}

// SubnetIDs are the subnets without their zones; none of no network.
func (n *Network) SubnetIDs() []string {
	if n == nil {
		return nil
	}
	ids := make([]string, len(n.Subnets))
	for i, subnet := range n.Subnets {
		ids[i] = subnet.ID
	}
	return ids
}
