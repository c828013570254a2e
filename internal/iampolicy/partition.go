package iampolicy

import (
	"errors"
	"fmt"
	"regexp"
)

// Partition is one of AWS's separate worlds: each has its own ARNs and its own host names.
type Partition struct {
	// ID stands second in every ARN: "aws", "aws-cn", ...
	ID string
	// DNSSuffix ends the host names of the partition's services, and the principals that carry a region.
	DNSSuffix string
}

// partitions and the regions that belong to each, from the endpoint rules of the AWS SDK:
// gh:aws/aws-sdk-go-v2 internal/endpoints/awsrulesfn/partitions.json (core v1.47.7), with letters where those have \w and
// at most two digits: a slip of the hand is no region.
var partitions = []struct {
	Partition
	regions *regexp.Regexp
}{
	{Partition{"aws", "amazonaws.com"}, regexp.MustCompile(`^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d{1,2}$`)},
	{Partition{"aws-cn", "amazonaws.com.cn"}, regexp.MustCompile(`^cn-[a-z]+-\d{1,2}$`)},
	{Partition{"aws-us-gov", "amazonaws.com"}, regexp.MustCompile(`^us-gov-[a-z]+-\d{1,2}$`)},
	{Partition{"aws-iso", "c2s.ic.gov"}, regexp.MustCompile(`^us-iso-[a-z]+-\d{1,2}$`)},
	{Partition{"aws-iso-b", "sc2s.sgov.gov"}, regexp.MustCompile(`^us-isob-[a-z]+-\d{1,2}$`)},
	{Partition{"aws-iso-e", "cloud.adc-e.uk"}, regexp.MustCompile(`^eu-isoe-[a-z]+-\d{1,2}$`)},
	{Partition{"aws-iso-f", "csp.hci.ic.gov"}, regexp.MustCompile(`^us-isof-[a-z]+-\d{1,2}$`)},
	{Partition{"aws-eusc", "amazonaws.eu"}, regexp.MustCompile(`^eusc-(de)-[a-z]+-\d{1,2}$`)},
}

// PartitionOf returns the partition that a region belongs to, or an error if no partition has regions of that form.
func PartitionOf(region string) (Partition, error) {
	for _, p := range partitions {
		if p.regions.MatchString(region) {
			return p.Partition, nil
		}
	}
	return Partition{}, fmt.Errorf("region %q belongs to no known AWS partition; want a region such as eu-central-1", region)
}

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

// CheckAccountID returns an error unless id is an AWS account id: twelve digits.
func CheckAccountID(id string) error {
	if !accountID.MatchString(id) {
		return fmt.Errorf("account id %q: want 12 digits", id)
	}
	return nil
}

// Place is an account and a region, of which ARNs and service principals are made.
type Place struct {
	partition         Partition
	accountID, region string
}

// NewPlace checks an account id and a region and puts them together. The error names every fault.
func NewPlace(accountID, region string) (Place, error) {
	partition, err := PartitionOf(region)
	if err := errors.Join(CheckAccountID(accountID), err); err != nil {
		return Place{}, err
	}
	return Place{partition: partition, accountID: accountID, region: region}, nil
}

// AccountID is the place's account id.
func (p Place) AccountID() string { return p.accountID }

// ARN is the name of a resource of this account and region: ARN("kinesis", "stream/logs").
func (p Place) ARN(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", p.partition.ID, service, p.region, p.accountID, resource)
}

// BucketARN is the name of an S3 bucket, or of objects in it; such names carry neither account nor region.
func (p Place) BucketARN(bucket string) string {
	return fmt.Sprintf("arn:%s:s3:::%s", p.partition.ID, bucket)
}

// IAMARN is the name of something in this account's IAM, which has no regions: IAMARN("role/writer").
func (p Place) IAMARN(resource string) string {
	return fmt.Sprintf("arn:%s:iam::%s:%s", p.partition.ID, p.accountID, resource)
}

// AccountRoot names an account of the same partition as a principal: every identity to which that account's own IAM
// gives the permission as well.
func (p Place) AccountRoot(accountID string) string {
	return fmt.Sprintf("arn:%s:iam::%s:root", p.partition.ID, accountID)
}

// RegionalHost is a service's host name in this region: "kinesis.eu-central-1.amazonaws.com". It is the form of the
// kms:ViaService condition (docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service)
// and of those service principals that carry a region, such as CloudWatch Logs'.
func (p Place) RegionalHost(service string) string {
	return fmt.Sprintf("%s.%s.%s", service, p.region, p.partition.DNSSuffix)
}
