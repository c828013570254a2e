// Package network says what the components take as subnets and security groups.
package network

import (
	"regexp"

	"example.com/log-pipeline/internal/fault"
)

// The ids that EC2 gives (docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html).
var (
	// SubnetID is for a subnet.
	SubnetID = fault.Matching(regexp.MustCompile(`^subnet-[0-9a-f]{8,17}$`), "the id of a subnet, such as subnet-0a1b2c3d4e5f60718")
	// SecurityGroupID is for a security group.
	SecurityGroupID = fault.Matching(regexp.MustCompile(`^sg-[0-9a-f]{8,17}$`), "the id of a security group, such as sg-0a1b2c3d4e5f60718")
)

// MaxSecurityGroups is how many an interface can have unless its account's quota is raised
// (docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html).
const MaxSecurityGroups = 5

// CheckIDs are the faults of a list that has to have one id at least, and at most so many.
func CheckIDs(path fault.Path, ids []string, rule fault.Rule[string], most int) fault.List {
	return fault.Join(
		fault.NotSet(path, len(ids) > 0, rule.Allowed),
		rule.InList(path, ids),
		fault.Distinct(path, ids, most),
	)
}
