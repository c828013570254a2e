package iampolicy

import (
	"fmt"
	"regexp"
)

// What STS takes as an external id (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). There is no wildcard
// in it, and no "$", which would begin a variable in a condition.
const (
	minExternalID = 2
	maxExternalID = 1224
)

var externalIDPattern = regexp.MustCompile(`^[\w+=,.@:/-]+$`)

// ExternalIDRule says in words what an external id is.
const ExternalIDRule = "2 to 1224 letters, digits and _+=,.@:/-"

// CheckExternalID returns an error unless STS takes the text as an external id.
func CheckExternalID(id string) error {
	if len(id) < minExternalID || len(id) > maxExternalID || !externalIDPattern.MatchString(id) {
		return fmt.Errorf("%q; want %s", id, ExternalIDRule)
	}
	return nil
}
