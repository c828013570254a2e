package iampolicy

import (
	"fmt"
	"regexp"
)

// ARN is the name of a resource, in its parts (docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
type ARN struct {
	// Partition and Service are never empty; Region and AccountID are where the service has none.
	Partition, Service, Region, AccountID string
	// Resource is all the rest, which may have colons of its own.
	Resource string
}

var arnPattern = regexp.MustCompile(`^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):([0-9]{12})?:([^\s*?]+)$`)

// ParseARN takes an ARN apart. One with a wildcard names no resource, and is an error.
func ParseARN(text string) (ARN, error) {
	parts := arnPattern.FindStringSubmatch(text)
	if parts == nil {
		return ARN{}, fmt.Errorf("%q is no ARN of one resource; want arn:<partition>:<service>:<region>:<account>:<resource>", text)
	}
	return ARN{Partition: parts[1], Service: parts[2], Region: parts[3], AccountID: parts[4], Resource: parts[5]}, nil
}

// ParseRoleARN takes the ARN of an IAM role apart, and is an error where [RoleARN] refuses it.
func ParseRoleARN(text string) (ARN, error) {
	parts := rolePattern.FindStringSubmatch(text)
	if parts == nil {
		return ARN{}, RoleARN.Check("role", text).Err()
	}
	return ARN{Partition: parts[1], Service: "iam", AccountID: parts[2], Resource: parts[3]}, nil
}
