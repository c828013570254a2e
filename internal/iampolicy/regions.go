package iampolicy

import (
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"example.com/log-pipeline/internal/fault"
)

// Partition is one of AWS's separate worlds: each has its own ARNs and its own host names.
type Partition struct {
	// ID stands second in every ARN: "aws", "aws-cn", ...
	ID string
	// DNSSuffix ends the host names of the partition's services, and the principals that carry a region.
	DNSSuffix string
}

// partitions and their regions, from the endpoint rules of the AWS SDK: gh:aws/aws-sdk-go-v2
// internal/endpoints/awsrulesfn/partitions.json (core v1.41.9; a test compares). A region that opens is added here when
// the AWS provider knows it: that too refuses regions that its version does not list
// (gh:hashicorp/aws-sdk-go-base validation.SupportedRegion).
var partitions = []struct {
	Partition
	regions string
}{
	{Partition{"aws", "amazonaws.com"}, `
		af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
		ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1
		eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1
		me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2`},
	{Partition{"aws-cn", "amazonaws.com.cn"}, "cn-north-1 cn-northwest-1"},
	{Partition{"aws-us-gov", "amazonaws.com"}, "us-gov-east-1 us-gov-west-1"},
	{Partition{"aws-iso", "c2s.ic.gov"}, "us-iso-east-1 us-iso-west-1"},
	{Partition{"aws-iso-b", "sc2s.sgov.gov"}, "us-isob-east-1 us-isob-west-1"},
	{Partition{"aws-iso-e", "cloud.adc-e.uk"}, "eu-isoe-west-1"},
	{Partition{"aws-iso-f", "csp.hci.ic.gov"}, "us-isof-east-1 us-isof-south-1"},
	{Partition{"aws-eusc", "amazonaws.eu"}, "eusc-de-east-1"},
}

var partitionOf = partitionsByRegion()

func partitionsByRegion() map[string]Partition {
	byRegion := map[string]Partition{}
	for _, p := range partitions {
		for _, region := range strings.Fields(p.regions) {
			byRegion[region] = p.Partition
		}
	}
	return byRegion
}

// Regions are all regions that are known, in the order of their partitions.
func Regions() []string {
	var regions []string
	for _, p := range partitions {
		regions = append(regions, strings.Fields(p.regions)...)
	}
	return regions
}

// Region is the id of an AWS region.
var Region = fault.Rule[string]{
	Allowed: "an AWS region such as eu-west-1",
	Refuse: func(region string) (fault.Problem, bool) {
		_, known := partitionOf[region]
		return fault.Problemf("not a region that this program knows"), !known
	},
	Nearest: nearestRegion,
	Schema:  map[string]any{"enum": Regions()},
}

// leastAlike is how much of a text has to be right for a region to be nearest to it.
const leastAlike = 0.6

// nearestRegion is empty where the text is like no region.
func nearestRegion(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	alike := func(region string) float64 { return levenshtein.Match(text, region, nil) }
	nearest := slices.MaxFunc(Regions(), func(a, b string) int {
		switch {
		case alike(a) < alike(b):
			return -1
		case alike(a) > alike(b):
			return 1
		}
		return 0
	})
	if alike(nearest) < leastAlike {
		return ""
	}
	return nearest
}

// PartitionOf returns the partition that a region belongs to, or an error if there is no such region.
func PartitionOf(region string) (Partition, error) {
	if p, known := partitionOf[region]; known {
		return p, nil
	}
	return Partition{}, Region.Check("region", region).Err()
}
