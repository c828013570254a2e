package access

import (
	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
)

// maxTrustPolicy is how many characters IAM takes as a trust policy unless the account's quota was raised
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const maxTrustPolicy = 2048

// checkTrusted is what is wrong with the roles that may assume a role, and with the external id that they have to give.
func (w whereabouts) checkTrusted(path fault.Path, sid string, roles []string, externalID string) fault.List {
	faults := fault.NotSet(path, len(roles) > 0, "the ARN of at least one IAM role")
	good := true
	var foreign fault.Path
	var foreignARN string
	for i, role := range roles {
		found := w.checkRole(path.Index(i), role)
		faults = append(faults, found...)
		good = good && len(found) == 0
		if len(found) == 0 && foreign == "" && accountOf(role) != w.accountID {
			foreign, foreignARN = path.Index(i), role
		}
	}
	faults = append(faults, checkExternalID(externalID, foreign, foreignARN)...)
	if !good || len(roles) == 0 {
		return faults
	}
	return append(faults, w.checkSize(path, sid, roles, externalID)...)
}

// checkSize refuses more roles than a trust policy holds. All of them are good.
func (w whereabouts) checkSize(path fault.Path, sid string, roles []string, externalID string) fault.List {
	reads := []fault.Path{accountIDPath, regionPath, externalIDPath}
	place, err := iampolicy.NewPlace(w.accountID, w.region)
	if err != nil {
		return nil // which is a fault of what is read
	}
	text, err := assumedBy(place, sid, roles, externalID).Text()
	if err != nil {
		return fault.List{{Path: path, Problem: fault.Problemf("make no trust policy: %v", err), Reads: reads}}
	}
	return fault.When(len(text) > maxTrustPolicy, fault.Fault{
		Path: path, Reads: reads,
		Problem: fault.Problemf("%d roles make a trust policy of %d characters, and IAM's quota is %d: make another role for the rest",
			len(roles), len(text), maxTrustPolicy),
	})
}

// checkRole refuses all but the ARN of another role of the same partition.
func (w whereabouts) checkRole(path fault.Path, text string) fault.List {
	arn, err := iampolicy.ParseRoleARN(text)
	if err != nil {
		return fault.Required(path, text, iampolicy.RoleARN)
	}
	itself := arn.Partition == w.partition() && arn.AccountID == w.accountID && arn.Resource == "role/"+w.roleName
	return fault.Join(
		fault.When(arn.Partition != w.partition(), fault.Fault{
			Path: path, Given: text, Reads: []fault.Path{regionPath},
			Problem: fault.Problemf("the role is in the partition %s, and the region %s in %s", arn.Partition, w.region, w.partition()),
		}),
		fault.When(itself, fault.Fault{
			Path: path, Given: text, Problem: fault.Problemf("the role itself"), Allowed: "another role",
			Reads: []fault.Path{accountIDPath, regionPath, roleNamePath},
		}),
	)
}

// checkExternalID is what is wrong with the external id; foreign is where the other side has a role of another account, if it
// has one.
func checkExternalID(id string, foreign fault.Path, foreignARN string) fault.List {
	if id != "" {
		return iampolicy.ExternalID.Check(externalIDPath, id)
	}
	return fault.When(foreign != "", fault.Fault{
		Path: externalIDPath, Reads: []fault.Path{accountIDPath, foreign},
		Problem: fault.Problemf("not set, and %s is of another account", foreignARN),
		Allowed: iampolicy.ExternalID.Allowed + ", the same on both sides",
	})
}
