package stacks

import (
	"slices"
)

// otherSides are the keys that only the other account's half reads, by the one side that is made.
var otherSides = map[string][]string{
	sideService: {
		"dataRoleArn", "dataExternalId", "retentionHours", "fanOutConsumers", "producerAccountIds", "producerRoleArns", "readerRoleArns",
		"readerExternalId",
	},
	sideData: {"kubeconfig", "serviceRoleArn", "serviceExternalId"},
}

// checkSides finds what the halves of the pipeline lack, and what is for a half that is not made.
func (p *parser) checkSides(c *Config, a AccessConfig) {
	p.checkSide(c, a)
	p.checkCredentials(c, a)
	p.checkExternalID("writerExternalId", a.WriterExternalID, c.Data.ID, a.ProducerRoleARNs)
	p.checkExternalID("readerExternalId", a.ReaderExternalID, c.Data.ID, a.ReaderRoleARNs)
	p.checkUnused(c, a)
}

// checkSide refuses a half that cannot be made alone, and the lack of what the other would have told.
func (p *parser) checkSide(c *Config, a AccessConfig) {
	p.checkRoleOf(c.Data, "writerRoleArn", p.text("writerRoleArn"), "region", "dataAccountId")
	if p.faulty["side"] {
		return
	}
	if a.Side != sideBoth && c.Service == nil && !p.faulty["serviceAccountId"] {
		p.fault("side", "needs %s, which is not set: one account has no sides", p.full("serviceAccountId"))
	}
	for name, needed := range map[string]bool{
		"writerRoleArn": false, "failedBucketName": true, "s3BucketName": slices.Contains(c.Logging.Outputs, outputS3),
	} {
		switch {
		case a.Side == sideService && needed && !p.given(name):
			p.fault(name, "not set, but needed with %s %s: the data account's half is made elsewhere", p.full("side"), sideService)
		case a.Side != sideService && p.given(name):
			p.fault(name, "has no effect unless %s is %s: what this program makes is used", p.full("side"), sideService)
		}
	}
	if len(c.Clusters) > 0 || p.unread("clusters") {
		return
	}
	switch {
	case a.Side == sideService:
		p.fault("clusters", "not set, but there is nothing to make without any with %s %s", p.full("side"), sideService)
	case a.Side == sideData && c.Service != nil && !p.set("producerRoleArns"):
		p.fault("producerRoleArns", "not set, but with %s %s nobody could write: set it, or %s", p.full("side"), sideData, p.full("clusters"))
	}
}

// checkCredentials refuses two accounts that are entered with one set of credentials: the provider of the account that these
// are not of would refuse them, after the other's half was made.
func (p *parser) checkCredentials(c *Config, a AccessConfig) {
	const data, service = "dataRoleArn", "serviceRoleArn"
	if c.Service == nil || a.Side != sideBoth || p.given("emulatorEndpoint") || p.given(data) || p.given(service) {
		return
	}
	// That an external id needs a role has been said.
	if p.anyFaulty("side", "dataExternalId", "serviceExternalId") || c.Data.ID == "" || c.Service.ID == "" || c.Data.ID == c.Service.ID {
		return
	}
	p.fault(service, "not set, and %s neither: one set of credentials is in one account", p.full(data))
}

// checkUnused refuses what nobody reads, or gives to anybody.
func (p *parser) checkUnused(c *Config, a AccessConfig) {
	unused := func(name, format string, args ...any) {
		if p.set(name) && !p.faulty[name] {
			p.fault(name, "has no effect "+format, args...)
		}
	}
	if c.Service != nil && !p.faulty["side"] {
		for _, name := range otherSides[a.Side] {
			other := map[string]string{sideData: sideService, sideService: sideData}[a.Side]
			unused(name, "unless %s is %s or %s", p.full("side"), sideBoth, other)
		}
	}
	if len(a.ProducerRoleARNs) == 0 && !p.unread("clusters") && !p.unread("producerRoleArns") {
		unused("writerExternalId", "without %s and %s: nobody gives it", p.full("clusters"), p.full("producerRoleArns"))
	}
	if len(a.ReaderRoleARNs) == 0 && !p.unread("readerRoleArns") {
		unused("readerExternalId", "without %s: nobody gives it", p.full("readerRoleArns"))
	}
}

// set says whether a key is set to something else than its default. A default may be the user's or that of Pulumi.yaml, which
// the engine fills in.
func (p *parser) set(name string) bool {
	key, _ := keyNamed(name)
	text := p.raw.Values[p.full(name)]
	return text != "" && text != "[]" && text != "{}" && text != key.fallback
}

// checkExternalID demands an external id where a role of another account is trusted: without it, whoever can make that
// account use its role on their behalf is let in (docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
func (p *parser) checkExternalID(name, given, home string, trusted []string) {
	if given != "" || home == "" || p.faulty[name] {
		return
	}
	foreign := slices.IndexFunc(trusted, func(arn string) bool {
		parts := rolePattern.FindStringSubmatch(arn)
		return parts != nil && parts[2] != home
	})
	if foreign >= 0 {
		p.fault(name, "not set, but %s is of another account than %s", trusted[foreign], home)
	}
}
