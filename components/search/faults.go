package search

import (
	"slices"
	"strconv"
	"strings"

	"example.com/log-pipeline/components/internal/network"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/lambdacode"
	"example.com/log-pipeline/internal/naming"
)

// Check is what is wrong with the settings of a search domain of that name. It may be called on nil.
func (a *Args) Check(name string) fault.List {
	r := a.resolve()
	return fault.Join(
		naming.CheckAutoNamed(naming.OpenSearchDomain, "name", name+domainSuffix),
		fault.Required("AccountID", r.AccountID, iampolicy.AccountID),
		fault.Required("Region", r.Region, iampolicy.Region),
		fault.NotSet("KeyARN", r.KeyARN != nil, "the ARN of a customer-managed KMS key"),
		fault.NotSet("Code", r.Code != nil, "the ZIP file of the function"),
		fault.Required("CodeSHA256", r.CodeSHA256, sha256Hex),
		lambdacode.Architectures.Check("Architecture", r.Architecture),
		r.Domain.check("Domain"),
		r.Index.check("Index"),
		r.checkReplicas(),
		r.Access.check("Access"),
		r.checkSignIn(),
		r.Network.check("Network"),
		r.checkZones(),
		LogRetentionDays.Check("LogRetentionDays", r.LogRetentionDays),
	)
}

func (d Domain) check(path fault.Path) fault.List {
	instances, zones := path.Field("Instances"), path.Field("Zones")
	faults := fault.Join(
		EngineVersions.Check(path.Field("EngineVersion"), d.EngineVersion),
		capacity.SearchInstanceTypes.Check(path.Field("InstanceType"), d.InstanceType),
		d.checkType(path),
		capacity.SearchInstances.Check(instances, d.Instances),
		capacity.SearchZones.Check(zones, d.Zones),
		fault.When(capacity.SearchZones.Takes(d.Zones) && capacity.SearchInstances.Takes(d.Instances) && d.Instances%d.Zones != 0, fault.Fault{
			Path: instances, Given: d.Instances, Reads: []fault.Path{zones}, Nearest: strconv.Itoa((d.Instances/d.Zones + 1) * d.Zones),
			Problem: fault.Problemf("no multiple of the %d %s, which then would not have as many instances each", d.Zones, zones),
		}),
		capacity.SearchVolumeGiB.Check(path.Field("VolumeGiB"), d.VolumeGiB),
	)
	if d.Masters != nil {
		faults = append(faults, d.checkMasters(path.Field("Masters"), instances)...)
	}
	return faults
}

// checkType is about what the type of the data nodes takes.
func (d Domain) checkType(path fault.Path) fault.List {
	limits, known := capacity.SearchLimitsOf(d.InstanceType)
	if !known {
		return nil
	}
	typ, volume := path.Field("InstanceType"), path.Field("VolumeGiB")
	nearest := min(max(d.VolumeGiB, limits.SmallestGiB), limits.LargestGiB)
	return fault.Join(
		fault.When(capacity.SearchVolumeGiB.Takes(d.VolumeGiB) && d.VolumeGiB != nearest, fault.Fault{
			Path: volume, Given: d.VolumeGiB, Reads: []fault.Path{typ}, Nearest: strconv.Itoa(nearest),
			Problem: fault.Problemf("a node of %s %s takes %d to %d GiB", typ, d.InstanceType, limits.SmallestGiB, limits.LargestGiB),
		}),
		fault.When(d.Instances > limits.MostInstances && capacity.SearchInstances.Takes(d.Instances), fault.Fault{
			Path: path.Field("Instances"), Given: d.Instances, Reads: []fault.Path{typ}, Nearest: strconv.Itoa(limits.MostInstances),
			Problem: fault.Problemf("a domain has at most %d of %s %s", limits.MostInstances, typ, d.InstanceType),
		}),
	)
}

// burstable says whether the type is of the T family.
func burstable(instanceType string) bool { return strings.HasPrefix(instanceType, "t") }

// mostNodesOfBurstableMasters: docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html#clusterresource.
const mostNodesOfBurstableMasters = 10

func (d Domain) checkMasters(path, instances fault.Path) fault.List {
	typ := path.Field("InstanceType")
	return fault.Join(
		capacity.SearchInstanceTypes.Check(typ, d.Masters.InstanceType),
		fault.When(burstable(d.Masters.InstanceType) && d.Instances > mostNodesOfBurstableMasters, fault.Fault{
			Path: typ, Given: d.Masters.InstanceType, Reads: []fault.Path{instances},
			Problem: fault.Problemf("masters of the T family are for %d data nodes at most, and %s is %d", mostNodesOfBurstableMasters, instances, d.Instances),
		}),
		capacity.SearchMasters.Check(path.Field("Count"), d.Masters.Count),
	)
}

// check renames the faults of what is inside to the fields of Index.
func (i Index) check(path fault.Path) fault.List {
	return i.settings().Check("").From(fault.Sources{
		"IndexName": fault.From(path.Field("Name")), "Rotation": fault.From(path.Field("Rotation")),
		"DaysKept": fault.From(path.Field("DaysKept")), "Shards": fault.From(path.Field("Shards")),
		"Replicas": fault.From(path.Field("Replicas")), "RefreshSeconds": fault.From(path.Field("RefreshSeconds")),
	})
}

// checkReplicas refuses copies that no node may hold, as no node holds two of one shard, and zones that do not help, since a
// shard without a copy is in one of them (docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html).
func (a Args) checkReplicas() fault.List {
	const replicas, instances, zones fault.Path = "Index.Replicas", "Domain.Instances", "Domain.Zones"
	return fault.Join(
		fault.When(a.Index.Replicas >= a.Domain.Instances, fault.Fault{
			Path: replicas, Given: a.Index.Replicas, Reads: []fault.Path{instances}, Nearest: strconv.Itoa(max(0, a.Domain.Instances-1)),
			Problem: fault.Problemf("each copy of a shard is on another node than the primary, and %s is %d", instances, a.Domain.Instances),
		}),
		fault.When(a.Index.Replicas == 0 && a.Domain.Zones > 1, fault.Fault{
			Path: replicas, Given: a.Index.Replicas, Reads: []fault.Path{zones}, Nearest: "1",
			Problem: fault.Problemf("without a copy in another zone, %d %s lose documents as one does", a.Domain.Zones, zones),
		}),
	)
}

func (a Access) check(path fault.Path) fault.List {
	readers, admins := path.Field("ReaderRoleARNs"), path.Field("AdminRoleARNs")
	faults := fault.Join(
		fault.NotSet(path.Field("WriterRoleARN"), a.WriterRoleARN != nil, "the ARN of the IAM role that writes documents"),
		iampolicy.RoleARN.InList(readers, a.ReaderRoleARNs),
		iampolicy.RoleARN.InList(admins, a.AdminRoleARNs),
	)
	if a.Cognito != nil {
		cognito := path.Field("Cognito")
		faults = append(faults, fault.Join(
			fault.Required(cognito.Field("UserPoolID"), a.Cognito.UserPoolID, UserPoolIDs),
			fault.Required(cognito.Field("IdentityPoolID"), a.Cognito.IdentityPoolID, IdentityPoolIDs),
		)...)
	}
	return faults
}

// checkSignIn refuses Cognito with nobody whom it could sign in.
func (a Args) checkSignIn() fault.List {
	const readers, admins fault.Path = "Access.ReaderRoleARNs", "Access.AdminRoleARNs"
	atFault := !iampolicy.AccountID.Takes(a.AccountID) ||
		slices.ContainsFunc(a.Access.people(), func(arn string) bool { return !iampolicy.RoleARN.Takes(arn) })
	return fault.When(a.Access.Cognito != nil && !atFault && len(a.signedIn()) == 0, fault.Fault{
		Path: readers, Reads: []fault.Path{admins},
		Problem: fault.Problemf("no role of this account is among them or the %s: who signs in has a role of the identity pool, which has to be among them", admins),
	})
}

func (n *Network) check(path fault.Path) fault.List {
	if n == nil {
		return nil
	}
	subnets := path.Field("Subnets")
	faults := fault.Join(
		fault.NotSet(subnets, len(n.Subnets) > 0, "a subnet for each zone"),
		network.CheckIDs(path.Field("DomainSecurityGroupIDs"), n.DomainSecurityGroupIDs, SecurityGroupIDs, network.MaxSecurityGroups),
		network.CheckIDs(path.Field("ClientSecurityGroupIDs"), n.ClientSecurityGroupIDs, SecurityGroupIDs, network.MaxSecurityGroups),
	)
	for i, s := range n.Subnets {
		subnet := subnets.Index(i)
		faults = append(faults, fault.Join(
			fault.Required(subnet.Field("ID"), s.ID, SubnetIDs),
			fault.NotSet(subnet.Field("Zone"), s.Zone != "", "the availability zone of the subnet, such as eu-west-1a"),
		)...)
		same := slices.IndexFunc(n.Subnets[:i], func(other Subnet) bool { return other.Zone == s.Zone || other.ID == s.ID })
		if same < 0 || s.Zone == "" || s.ID == "" {
			continue
		}
		field, value := "Zone", s.Zone
		if n.Subnets[same].ID == s.ID {
			field, value = "ID", s.ID
		}
		faults = append(faults, fault.Fault{
			Path: subnet.Field(field), Given: value, Problem: fault.Problemf("that of %s too: each subnet of a domain is in another zone", subnets.Index(same)),
		})
	}
	return faults
}

// checkZones compares what lies in two sections: the subnets with the zones and the region.
func (a Args) checkZones() fault.List {
	if a.Network == nil {
		return nil
	}
	const subnets, zones, region fault.Path = "Network.Subnets", "Domain.Zones", "Region"
	given := len(a.Network.Subnets)
	faults := fault.When(given > 0 && given != a.Domain.Zones, fault.Fault{
		Path: subnets, Reads: []fault.Path{zones},
		Problem: fault.Problemf("%d given, and %s is %d: a domain has one in each zone", given, zones, a.Domain.Zones),
	})
	for i, s := range a.Network.Subnets {
		faults = append(faults, fault.When(s.Zone != "" && !strings.HasPrefix(s.Zone, a.Region), fault.Fault{
			Path: subnets.Index(i).Field("Zone"), Given: s.Zone, Reads: []fault.Path{region}, Problem: fault.Problemf("no zone of the %s %s", region, a.Region),
		})...)
	}
	return faults
}
