package access

import (
	"cmp"

	"example.com/log-pipeline/internal/fault"
	"example.com/log-pipeline/internal/iampolicy"
)

// maxTrustPolicy is how many characters IAM takes as a trust policy unless the account's quota was raised
// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const maxTrustPolicy = 2048

// checkTrusted is what is wrong with the roles that may assume a role, and with the external id that they have to give.
func (w whereabouts) checkTrusted(path fault.Path, sid string, roles []string, externalID string) fault.List {
	faults := fault.NotSet(path, len(roles) > 0, "the ARN of at least one IAM role")
	good := len(roles) > 0
	foreign := ""
	for _, role := range roles {
		found := w.checkRole(path, role)
		for _, f := range found {
			f.Given, f.Problem = nil, f.Problem.Of("%q: ", role)
			faults = append(faults, f)
		}
		good = good && len(found) == 0
		if len(found) == 0 && accountOf(role) != w.accountID {
			foreign = cmp.Or(foreign, role)
		}
	}
	faults = append(faults, checkExternalID(externalID, path, foreign)...)
	if !good {
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

// checkExternalID is what is wrong with the external id; foreign is a role of the other side that is of another account, if
// there is one, and path where that is given.
func checkExternalID(id string, path fault.Path, foreign string) fault.List {
	if id != "" {
		return iampolicy.ExternalID.Check(externalIDPath, id)
	}
	return fault.When(foreign != "", fault.Fault{
		Path: externalIDPath, Reads: []fault.Path{accountIDPath, path},
		Problem: fault.Problemf("not set, and %s is of another account than %s", foreign, accountIDPath),
		Allowed: iampolicy.ExternalID.Allowed + ", the same on both sides",
	})
}
