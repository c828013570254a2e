package stacks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"example.com/log-pipeline/components/delivery"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/stream"
	"example.com/log-pipeline/internal/capacity"
	"example.com/log-pipeline/internal/iampolicy"
	"example.com/log-pipeline/internal/naming"
)

// kind is the type of a config value.
type kind int

const (
	textKind kind = iota
	integerKind
	numberKind
	booleanKind
	listKind    // of strings
	tagsKind    // string to string
	labelsKind  // likewise
	objectsKind // a list
)

// configKey declares one key. Pulumi.yaml says the same, and a test compares them.
type configKey struct {
	name     string
	kind     kind
	required bool
	// fallback is the default, written as in the config; empty where there is none or where it is computed.
	fallback string
	// min and max are the range of an integer or a number, inclusive.
	min, max float64
	// allowed says in words what is allowed. For an integer or a number with a mere range it may be empty.
	allowed string
	// purpose says what the key is for, in a sentence.
	purpose string
	// secret values are never shown.
	secret bool
	// most is the largest number of elements of a list; 0 for no limit.
	most int
	// valid checks a text, or each element of a list.
	valid func(string) bool
	// hint says what may have gone wrong with a text that is not valid; nil for none.
	hint func(string) string
	// fields are those of each object.
	fields []configKey
	// unique fields tell the objects of a list apart.
	unique bool
}

// configKeys are all keys, in the order in which faults are reported. What a component checks for itself is checked here by
// the component's own limits and functions, so that nothing is accepted here and refused halfway through a deployment.
var configKeys = slices.Concat(
	accountKeys(), loadKeys(), streamKeys(), clusterKeys(), flowKeys(), accessKeys(), deliveryKeys(), lakeKeys(), removalKeys(),
)

func accountKeys() []configKey {
	keys := []configKey{
		region("region", "Region of the data account's resources."),
		accountID("dataAccountId", "Account of the pipeline; credentials of any other account are refused."),
		roleARN("dataRoleArn", "Role to assume in the data account. Empty: the ambient credentials are that account's own."),
		externalID("dataExternalId", "External id for dataRoleArn; set it with --secret."),
		accountID("serviceAccountId", "Account in which the clusters run. Empty: the data account serves both."),
		region("serviceRegion", "Region in the service account. Empty: the same as region."),
		roleARN("serviceRoleArn", "Role to assume in the service account. Empty: the ambient credentials are that account's own."),
		externalID("serviceExternalId", "External id for serviceRoleArn; set it with --secret."),
		{
			name: "emulatorEndpoint", valid: isURL, allowed: "an http or https URL of a host",
			purpose: "URL of the AWS emulator, for the local stack only.",
		},
		{
			name: "tags", kind: tagsKind,
			allowed: fmt.Sprintf("an object of at most %d strings by keys of 1 to 128 and values of at most 256 letters, digits, spaces "+
				"and _.:/=+-@; no key starts with aws:, and none is %s or another key, whatever the case", maxTags, strings.Join(naming.OwnTags(), ", ")),
			purpose: "Tags on everything that can have tags.",
		},
	}
	keys[0].required, keys[1].required = true, true
	return keys
}

func loadKeys() []configKey {
	return []configKey{
		{
			name: "peakRecordsPerSecond", kind: integerKind, required: true, min: 1, max: 100_000_000,
			purpose: "Records a second at the busiest hour.",
		},
		{
			name: "meanRecordsPerSecond", kind: integerKind, required: true, min: 1, max: 100_000_000,
			purpose: "Records a second over a whole day, at most the peak.",
		},
		{
			name: "meanRecordBytes", kind: integerKind, fallback: "1000", min: 1, max: capacity.MaxRecordBytes,
			purpose: "Mean size of a record, uncompressed, with its partition key.",
		},
		{
			// Up to the 10 MiB that Kinesis knows, so that the refusal can say why the pipeline stops at 1 MiB.
			name: "largestRecordBytes", kind: integerKind, fallback: "262144", min: 1, max: 10 << 20,
			allowed: fmt.Sprintf("an integer from 1 to %d", capacity.MaxRecordBytes),
			purpose: "Size of the largest record, uncompressed, with its partition key.",
		},
		{
			name: "burstFactor", kind: numberKind, fallback: "2", min: 1, max: 1_000,
			purpose: "How many times the peak a burst reaches.",
		},
		{
			name: "burstSeconds", kind: integerKind, fallback: "300", max: 86_400,
			purpose: "How long a burst lasts; 0 for no bursts.",
		},
		{
			name: "compressionRatio", kind: numberKind, fallback: number(capacity.DefaultCompressionRatio), min: 1, max: 1_000,
			purpose: "Uncompressed by compressed size of the raw objects.",
		},
		{
			name: "minObjectMiB", kind: numberKind, fallback: "4", max: capacity.MaxBufferMiB,
			purpose: "Floor of the size of raw objects after compression, in MiB, at the mean rate; 0 for none.",
		},
		{
			name: "smallObjects", fallback: "warn", valid: oneOf("warn", "refuse"), allowed: "warn or refuse",
			purpose: "What to do about raw objects under the floor.",
		},
	}
}

func streamKeys() []configKey {
	return []configKey{
		{
			name: "streamName", valid: passes(naming.KinesisStream.Check), allowed: kinesisNameAllowed,
			purpose: "Name of the Kinesis stream. Empty: <project>-<stack>-logs.",
		},
		{
			name: "streamMode", valid: oneOf(string(capacity.OnDemand), string(capacity.Provisioned)), allowed: "ON_DEMAND or PROVISIONED",
			purpose: "Capacity mode of the stream. Empty: computed from the load. Set it when the stream is live: another load may " +
				"compute the other mode, and Kinesis allows two changes in 24 hours.",
		},
		{
			name: "shardCount", kind: integerKind, min: 1, max: 100_000,
			purpose: "Shards of the stream, only with streamMode PROVISIONED. Empty: computed where streamMode is empty too. Set it with " +
				"streamMode when the stream is live: one change goes to at most twice and at least half the shards.",
		},
		{
			name: "retentionHours", kind: integerKind, fallback: strconv.Itoa(stream.DefaultRetentionHours),
			min: stream.MinRetentionHours, max: stream.MaxRetentionHours,
			purpose: "Hours that the stream keeps a record.",
		},
		{
			name: "fanOutConsumers", kind: listKind, valid: passes(naming.KinesisStream.Check), most: stream.MaxConsumers,
			allowed: fmt.Sprintf("a list of at most %d distinct names, each %s", stream.MaxConsumers, kinesisNameAllowed),
			purpose: "Names of the stream's enhanced fan-out consumers.",
		},
		{
			name: "producerAccountIds", kind: listKind, valid: passes(iampolicy.CheckAccountID), hint: accountHint,
			allowed: "a list of distinct ids of 12 digits, quoted",
			purpose: "Other accounts whose own identities may use the stream's key, for this stream only. To write they also need a " +
				"policy on the stream, which this program does not make; a role in the data account, which they assume, needs neither.",
		},
	}
}

func deliveryKeys() []configKey {
	retention := delivery.LogRetentionDays()
	return []configKey{
		{
			name: "rawBufferMiB", kind: integerKind, fallback: strconv.Itoa(capacity.MaxBufferMiB),
			min: capacity.MinBufferMiB, max: capacity.MaxBufferMiB,
			purpose: "Buffer size of the delivery to S3 in MiB, before compression.",
		},
		{
			name: "rawBufferSeconds", kind: integerKind, max: capacity.MaxBufferSeconds,
			purpose: "Buffer interval of the delivery to S3. Empty: the shortest whole minutes that make no small objects.",
		},
		{
			name: "appendDelimiter", kind: booleanKind, fallback: "false",
			purpose: "Lets Firehose end each record with a newline, for writers that send none (Fluentd does).",
		},
		{
			name: "logRetentionDays", kind: integerKind, fallback: "365",
			min: float64(slices.Min(retention)), max: float64(slices.Max(retention)),
			valid: oneOf(integers(retention)...), allowed: "one of " + strings.Join(integers(retention), ", "),
			purpose: "Days that CloudWatch Logs keeps the error log of the delivery.",
		},
	}
}

func lakeKeys() []configKey {
	return []configKey{
		{
			name: "rawInfrequentAccessDays", kind: integerKind, fallback: "30", max: maxLifecycleDays,
			valid:   zeroOrAtLeast(lake.MinInfrequentAccessDays),
			allowed: fmt.Sprintf("0 (never) or an integer from %d to %d", lake.MinInfrequentAccessDays, maxLifecycleDays),
			purpose: "Days until raw objects move to STANDARD_IA.",
		},
		{
			name: "rawArchiveDays", kind: integerKind, fallback: "90", max: maxLifecycleDays,
			allowed: fmt.Sprintf("0 (never) or an integer up to %d, at least %d above rawInfrequentAccessDays",
				maxLifecycleDays, lake.RawLifecycle{InfrequentAccessDays: 1}.MinArchiveDays()-1),
			purpose: "Days until raw objects move to GLACIER_IR.",
		},
		{
			name: "rawExpiryDays", kind: integerKind, fallback: "365", max: maxLifecycleDays,
			allowed: fmt.Sprintf("0 (never) or an integer up to %d, above the last tier's", maxLifecycleDays),
			purpose: "Days until raw objects are deleted.",
		},
	}
}

func removalKeys() []configKey {
	return []configKey{
		{
			name: "protect", kind: booleanKind, fallback: "true",
			purpose: "Keeps everything stateful from being deleted.",
		},
		{
			name: "forceDestroy", kind: booleanKind, fallback: "false",
			purpose: "Deletes buckets with what is in them; contradicts protect.",
		},
	}
}
