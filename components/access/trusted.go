package access

import (
	"errors"
	"fmt"

	"example.com/log-pipeline/internal/iampolicy"
)

// maxTrustPolicy is how many characters IAM takes as a trust policy unless the account's quota was raised
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const maxTrustPolicy = 2048

// onBothSides says what an external id has to be.
const onBothSides = "want " + iampolicy.ExternalIDRule + ", the same on both sides"

// addTrusted adds what is wrong with the roles that may assume a role, and with the external id that they have to give.
func (f *faults) addTrusted(field, sid string, roles []string, externalID string, w whereabouts) {
	if len(roles) == 0 {
		f.add(field, errors.New("none; want the ARN of at least one role"))
	}
	good := true
	foreign := ""
	for _, role := range roles {
		arn, err := w.checkRole(role)
		f.add(field, err)
		good = good && err == nil
		if err == nil && w.place != nil && arn.AccountID != w.accountID {
			foreign = role
		}
	}
	f.addExternalID(externalID, foreign)
	if w.place == nil || !good || len(roles) == 0 {
		return
	}
	text, err := assumedBy(*w.place, sid, roles, externalID).Text()
	f.add(field, err)
	if len(text) > maxTrustPolicy {
		f.add(field, fmt.Errorf("%d roles make a trust policy of %d characters; want at most %d, which is IAM's quota: "+
			"make another role for the rest", len(roles), len(text), maxTrustPolicy))
	}
}

// checkRole returns an error unless text is the ARN of another role of the same partition.
func (w whereabouts) checkRole(text string) (iampolicy.ARN, error) {
	arn, err := iampolicy.ParseRoleARN(text)
	if err != nil || w.place == nil {
		return arn, err
	}
	own, err := iampolicy.ParseARN(w.place.IAMARN("role/" + w.roleName))
	if err == nil && arn.Partition != own.Partition {
		return arn, fmt.Errorf("%q is of partition %s; want one of %s, that of region %s", text, arn.Partition, own.Partition, w.region)
	}
	if err == nil && arn == own {
		return arn, fmt.Errorf("%q is the role itself; want another", text)
	}
	return arn, nil
}

// addExternalID adds what is wrong with the external id; foreign is a role of the other side that is of another account,
// if there is one.
func (f *faults) addExternalID(id, foreign string) {
	switch {
	case id == "" && foreign != "":
		f.add("ExternalID", fmt.Errorf("not set, and %s is of another account; %s", foreign, onBothSides))
	case id != "":
		f.add("ExternalID", iampolicy.CheckExternalID(id))
	}
}
