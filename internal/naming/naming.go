// Package naming makes the physical names that are set rather than generated, checks those that are given, and builds
// the tags that every resource carries.
//
// Most physical names are left to Pulumi's auto-naming (the logical name and a random suffix), so that a replacement
// can be made before the old resource goes. Set are only those that another account must know, and those whose service
// refuses what auto-naming makes (Glue has underscores, a KMS alias its prefix). A [Rule] holds one service's alphabet
// and length; [Rule.Of] fits any text into it and never makes two texts alike.
package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// Rule is what one service accepts as a name.
type Rule struct {
	service   string
	maxLength int
	alphabet  string // a regular expression's character class, without brackets
	lowerCase bool
	separator string
	// anyEnds lets a name begin and end with any character of the alphabet, and not with letters and digits alone.
	anyEnds bool
}

// The rules of the services in use, each with its source (docs.aws.amazon.com/).
var (
	// S3Bucket: AmazonS3/latest/userguide/bucketnamingrules.html; dots are left out, since they break TLS.
	S3Bucket = Rule{service: "S3 bucket", maxLength: 63, alphabet: `a-z0-9-`, lowerCase: true, separator: "-"}
	// KinesisStream: kinesis/latest/APIReference/API_CreateStream.html; stream consumers have the same rule.
	KinesisStream = Rule{service: "Kinesis stream", maxLength: 128, alphabet: `a-zA-Z0-9_.-`, separator: "-", anyEnds: true}
	// FirehoseStream: firehose/latest/APIReference/API_CreateDeliveryStream.html; IAM takes all of it for roles.
	FirehoseStream = Rule{service: "Firehose stream", maxLength: 64, alphabet: `a-zA-Z0-9_.-`, separator: "-"}
	// Glue names databases, tables and columns: athena/latest/ug/tables-databases-columns-names.html.
	Glue = Rule{service: "Glue", maxLength: 255, alphabet: `a-z0-9_`, lowerCase: true, separator: "_"}
	// KMSAlias, without its prefix "alias/" (kms/latest/APIReference/API_CreateAlias.html: 256 with it). Slashes are
	// left out: "alias/aws/" is reserved.
	KMSAlias = Rule{service: "KMS alias", maxLength: 250, alphabet: `a-zA-Z0-9_-`, separator: "-"}
	// IAMRole: IAM/latest/APIReference/API_CreateRole.html. IAM takes names that differ only in case for one name.
	IAMRole = Rule{service: "IAM role", maxLength: 64, alphabet: `a-zA-Z0-9_+=,.@-`, separator: "-", anyEnds: true}
)

// hashLength is in hex digits: at 40 bits two of a million names are alike with a chance of one in two.
// At the hundreds of names that an account has, it is one in ten million.
const hashLength = 10

// autoNameSuffix is what Pulumi's auto-naming appends to a logical name: a hyphen and seven hex digits
// (pulumi.com/docs/iac/concepts/resources/names/#autonaming).
const autoNameSuffix = "-0a1b2c3"

// Of fits text into the rule. Hyphens become the service's separator, and a text that then is a name stays as it is. Any
// other has its foreign characters replaced and is cut, and gets a hash of the whole text, so that different texts stay
// different; so does a text that has the separator already, or that looks like such a result.
func (r Rule) Of(text string) string {
	name := strings.ReplaceAll(text, "-", r.separator)
	ambiguous := r.separator != "-" && strings.Contains(text, r.separator)
	if !ambiguous && r.Check(name) == nil && !r.hashed().MatchString(name) {
		return name
	}
	sum := sha256.Sum256([]byte(text))
	hash := hex.EncodeToString(sum[:])[:hashLength]

	if r.lowerCase {
		name = strings.ToLower(name)
	}
	name = r.foreign().ReplaceAllString(name, r.separator)
	if longest := r.maxLength - len(r.separator) - len(hash); len(name) > longest {
		name = name[:longest]
	}
	name = strings.Trim(name, "-_.")
	if name == "" {
		return hash
	}
	return name + r.separator + hash
}

// Check returns an error that says what is allowed, unless the rule accepts the name.
func (r Rule) Check(name string) error {
	ends := ", the first and the last a letter or a digit"
	if r.anyEnds {
		ends = ""
	}
	trimmed := strings.Trim(name, "-_.") == name
	if len(name) == 0 || len(name) > r.maxLength || r.foreign().MatchString(name) || !trimmed && !r.anyEnds {
		return fmt.Errorf("%s name %q: want 1 to %d characters of [%s]%s", r.service, name, r.maxLength, r.alphabet, ends)
	}
	return nil
}

// CheckAutoNamed checks what auto-naming will make of a logical name, before anything is registered with it.
func (r Rule) CheckAutoNamed(logicalName string) error {
	if err := r.Check(logicalName + autoNameSuffix); err != nil {
		return fmt.Errorf("resource name %q, with the suffix of auto-naming: %w", logicalName, err)
	}
	return nil
}

func (r Rule) foreign() *regexp.Regexp { return regexp.MustCompile(`[^` + r.alphabet + `]`) }

func (r Rule) hashed() *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(`(^|%s)[0-9a-f]{%d}$`, regexp.QuoteMeta(r.separator), hashLength))
}
