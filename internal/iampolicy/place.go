package iampolicy

import (
	"fmt"

	"example.com/log-pipeline/internal/fault"
)

// Place is an account and a region, of which ARNs and service principals are made.
type Place struct {
	partition         Partition
	accountID, region string
}

// NewPlace checks an account id and a region and puts them together. The error names every fault.
func NewPlace(accountID, region string) (Place, error) {
	if err := fault.Join(AccountID.Check("account id", accountID), Region.Check("region", region)).Err(); err != nil {
		return Place{}, err
	}
	return Place{partition: partitionOf[region], accountID: accountID, region: region}, nil
}

// Partition is the partition that the place's region belongs to.
func (p Place) Partition() Partition { return p.partition }

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
