package permissions

import (
	"slices"

	"example.com/log-pipeline/tests/mocks"
)

// searching is what grants something in the search of a configuration.
type searching struct {
	// inVPC says whether it has the network of the richest configuration.
	inVPC bool
	// people search, and signedIn are the roles among theirs that Cognito signs in as; none where there is no Cognito.
	people   []caller
	signedIn []string
}

const (
	firstSubnet, secondSubnet = "subnet-0a1b2c3d", "subnet-1a1b2c3d"
	domainGroup, clientGroup  = "sg-0a1b2c3d", "sg-1a1b2c3d"
	crossCluster              = "es:ESCrossClusterGet"
)

// searchHops are from the stream to documents, and to whoever searches them.
func searchHops(w *world, s searching, stream, key target) []hop {
	hops := slices.Concat(searchWriterHops(w, stream, key), functionHops(w), []hop{domainLogHop(w)})
	if s.inVPC {
		hops = slices.Concat(hops, searchWriterNetworkHops(w), functionNetworkHops(w))
	}
	if len(s.signedIn) > 0 {
		hops = append(hops, dashboardsHops(w, s.signedIn)...)
	}
	for _, person := range s.people {
		hops = append(hops, searchHop(w, person))
	}
	return hops
}

// searchWriterHops are those of Firehose's delivery to the domain.
func searchWriterHops(w *world, stream, key target) []hop {
	const name = "search-delivery"
	role := w.role("search-writer-role")
	hops := append([]hop{firehoseTrustHop(w, role), logHop(w, name, role, "DestinationDelivery", "BackupDelivery")}, sourceHops(role, stream, key)...)
	hops = append(hops, deliveredObjectHops(w, role, "lake-failed", "lake-raw", key, "search/2026/01/31/07/a.gz")...)
	return append(hops, writeDocumentsHops(w, role)...)
}

func writeDocumentsHops(w *world, role *role) []hop {
	strangers := by(sessionOf(dataAccount, "other"), session(w.role("writer-role")), admin(strange, role.name), anonymous())
	return []hop{
		{
			name: "Firehose describes the domain", by: session(role),
			does: []string{"es:DescribeDomain", "es:DescribeDomains", "es:DescribeDomainConfig"}, on: []target{w.domain("")},
			denied: denied{
				"another domain":         on(of("es", "domain/other")),
				"changing it":            doing("es:UpdateDomainConfig", "es:DeleteDomain", "es:AddTags"),
				"somebody who is not it": strangers,
				"a path in it":           on(w.domain("/_bulk")),
			},
		},
		{
			name: "Firehose writes documents", by: session(role),
			does: []string{"es:ESHttpPost", "es:ESHttpPut"}, on: []target{w.domain("/_bulk"), w.domain("/logs-2026-01-31/_doc/1")},
			denied: denied{
				"another domain":         on(of("es", "domain/other/_bulk")),
				"the domain itself":      all(doing("es:UpdateDomainConfig", "es:DeleteDomain"), on(w.domain(""))),
				"deleting":               doing("es:ESHttpDelete", "es:ESHttpPatch"),
				"from another domain":    doing(crossCluster),
				"somebody who is not it": strangers,
			},
		},
		{
			name: "Firehose reads the state of the domain", by: session(role), does: []string{"es:ESHttpGet"},
			on: []target{
				w.domain("/_all/_settings"), w.domain("/_cluster/stats"), w.domain("/logs-2026-01-31/_mapping"), w.domain("/_nodes"),
				w.domain("/_nodes/stats"), w.domain("/_nodes/n1/stats"), w.domain("/_stats"), w.domain("/logs-2026-01-31/_stats"),
			},
			denied: denied{
				"documents":              on(w.domain("/_search"), w.domain("/logs-2026-01-31/_search"), w.domain("/logs-2026-01-31/_doc/1")),
				"who may do what":        on(w.domain("/_plugins/_security/api/rolesmapping")),
				"another index":          on(w.domain("/other/_mapping"), w.domain("/other/_stats")),
				"another domain":         on(of("es", "domain/other/_stats")),
				"deleting":               doing("es:ESHttpDelete"),
				"from another domain":    doing(crossCluster),
				"somebody who is not it": strangers,
			},
		},
	}
}

// searchWriterNetworkHops are Firehose's interfaces, from which it reaches the domain.
func searchWriterNetworkHops(w *world) []hop {
	role := w.role("search-writer-role")
	vpc := of("ec2", "vpc/vpc-0a1b2c3d")
	hops := []hop{
		{
			name: "Firehose sees the network", by: session(role),
			does: []string{"ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeNetworkInterfaces"},
			on:   []target{anything()}, denied: denied{"changing it": changingTheNetwork()},
		},
		{
			name: "Firehose sees the VPC", by: session(role), does: []string{"ec2:DescribeVpcAttribute"}, on: []target{vpc},
			denied: denied{
				"of another region": on(target{arn: "arn:aws:ec2:us-east-1:" + dataAccount + ":vpc/vpc-0a1b2c3d", account: dataAccount}),
				"changing it":       doing("ec2:ModifyVpcAttribute", "ec2:DeleteVpc"),
			},
		},
		makeInterfacesHop("Firehose", session(role)),
	}
	for _, subnet := range []string{firstSubnet, secondSubnet} {
		hops = append(hops, hop{
			name: "Firehose uses its interfaces in " + subnet, by: session(role),
			does: []string{"ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"}, on: []target{networkInterface()},
			with: conditions{"ec2:Subnet": of("ec2", "subnet/"+subnet).arn},
			denied: denied{
				"in another subnet":  with("ec2:Subnet", of("ec2", "subnet/subnet-9a1b2c3d").arn),
				"in no subnet":       without("ec2:Subnet"),
				"in another region":  on(interfaceElsewhere()),
				"changing them":      doing("ec2:ModifyNetworkInterfaceAttribute", "ec2:AttachNetworkInterface"),
				"somebody else does": by(sessionOf(dataAccount, "other")),
			},
		})
	}
	return hops
}

func makeInterfacesHop(who string, by caller) hop {
	return hop{
		name: who + " makes interfaces", by: by, does: []string{"ec2:CreateNetworkInterface"},
		on: []target{
			networkInterface(), of("ec2", "subnet/"+firstSubnet), of("ec2", "subnet/"+secondSubnet), of("ec2", "security-group/"+clientGroup),
		},
		denied: denied{
			"in another subnet":         on(of("ec2", "subnet/subnet-9a1b2c3d")),
			"in the domain's own group": on(of("ec2", "security-group/"+domainGroup)),
			"in another region":         on(interfaceElsewhere()),
			"changing the network":      changingTheNetwork(),
			"changing a security group": all(doing("ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup"), on(of("ec2", "security-group/"+clientGroup))),
			"changing an interface":     all(doing("ec2:ModifyNetworkInterfaceAttribute"), on(networkInterface())),
		},
	}
}

func networkInterface() target { return of("ec2", "network-interface/eni-0a1b2c3d") }

func interfaceElsewhere() target {
	return target{arn: "arn:aws:ec2:us-east-1:" + dataAccount + ":network-interface/eni-0a1b2c3d", account: dataAccount}
}

func changingTheNetwork() change {
	return all(doing("ec2:DeleteSubnet", "ec2:ModifySubnetAttribute"), on(of("ec2", "subnet/"+firstSubnet)))
}

// searchNetwork is that of the richest configuration.
func searchNetwork() map[string]any {
	return map[string]any{
		"subnets": []any{
			map[string]any{"id": firstSubnet, "zone": mocks.Region + "a"}, map[string]any{"id": secondSubnet, "zone": mocks.Region + "b"},
		},
		"domainSecurityGroupIds": []string{domainGroup}, "clientSecurityGroupIds": []string{clientGroup},
	}
}
