package delivery

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/itchyny/gojq"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kinesis"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/internal/fault"
)

const (
	// partitionRetrySeconds is Firehose's own, said since it takes part in what the block is.
	partitionRetrySeconds = 300
	// maxQueryLength is less than a pattern can repeat, and Firehose takes: docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html, less the rest of the query.
	maxQueryLength = 1000
	// maxActivePartitions is what Firehose writes at a time; records of more go under the error prefix
	// (docs.aws.amazon.com/firehose/latest/dev/limits.html).
	maxActivePartitions = 500
)

// Partitioning delivers records by a key of their own, so that a query which names the key's value reads the objects of that
// value alone. A delivery stream that exists cannot begin or end it: either replaces the delivery stream.
//
// Firehose writes at most 500 partitions at a time, each of one value and one hour; what belongs to more goes under the error
// prefix (activePartitionExceeded). Each has a buffer of its own, so that objects become smaller, by as many times as there are
// values, and its 64 MiB are reached as much later. AWS charges for each GB and each object besides
// (aws.amazon.com/firehose/pricing).
type Partitioning struct {
	// Name is the key's name, in the keys of objects and as a column of the table: lower-case letters, digits and underscores,
	// the first a letter. It is another than the table's columns have.
	Name string
	// Query gives the key's value of a record: an expression of jq 1.6. It gives one text for every record, also for one without
	// any field, as `.namespace // "none"` does: Firehose puts a record without a value under the error prefix.
	Query string
	// Values are those that the key has. Then the table has all of them and no other: records of others are in S3 only. By default
	// there is no list, and each query has to name values (WHERE name = 'shop', or IN), which Athena demands for keys that it does
	// not know the values of (docs.aws.amazon.com/athena/latest/ug/partition-projection-dynamic-id-partitioning.html). A few dozen
	// at most, as Athena goes through all of them where a query names none.
	Values []string
}

var (
	// PartitionName is for the key's name.
	PartitionName = fault.Matching(regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`), "1 to 64 lower-case letters, digits and underscores, the first a letter")
	// PartitionQuery is for the expression that gives its value.
	PartitionQuery = fault.Matching(regexp.MustCompile(`^[^\r\n]{1,`+strconv.Itoa(maxQueryLength)+`}$`),
		`an expression of jq 1.6 in one line of at most `+strconv.Itoa(maxQueryLength)+` characters that gives a text for every record, such as .namespace // "none"`)
	// PartitionValue takes what is no other folder, and stands in a list of Athena's.
	PartitionValue = fault.Matching(regexp.MustCompile(`^[A-Za-z0-9_.:@=-]{1,255}$`), "1 to 255 letters, digits and _.:@=-")
)

// folder is the key's part of the keys of objects, with the value in somebody's expression: Firehose's or Athena's.
func (p *Partitioning) folder(format string) string {
	if p == nil {
		return ""
	}
	return p.Name + "=" + fmt.Sprintf(format, p.Name) + "/"
}

// query is the whole of what Firehose asks of a record: an object of the key alone.
func (p *Partitioning) query() string { return fmt.Sprintf("{%s: (%s)}", p.Name, p.Query) }

func (p *Partitioning) check(path fault.Path, columns []Column) fault.List {
	if p == nil {
		return nil
	}
	name, query, values := path.Field("Name"), path.Field("Query"), path.Field("Values")
	taken := slices.ContainsFunc(columns, func(c Column) bool { return c.Name == p.Name }) || p.Name == partitionDate || p.Name == partitionHour
	return fault.Join(
		fault.Required(name, p.Name, PartitionName),
		fault.When(p.Name != "" && taken, fault.Fault{
			Path: name, Given: p.Name, Problem: fault.Problemf("a column of the table has that name: take another, such as in_%s", p.Name),
		}),
		p.checkQuery(query, name, values),
		PartitionValue.InList(values, p.Values),
		fault.Distinct(values, p.Values, maxActivePartitions),
	)
}

// checkQuery tries the query out on a record that has no fields. It reads some of jq 1.7 as well (github.com/itchyny/gojq), which
// Firehose refuses when the delivery stream is created.
func (p *Partitioning) checkQuery(path, name, values fault.Path) fault.List {
	refused := func(problem fault.Problem) fault.List {
		return fault.List{{Path: path, Given: p.Query, Problem: problem, Allowed: PartitionQuery.Allowed, Reads: []fault.Path{name}}}
	}
	if faults := fault.Required(path, p.Query, PartitionQuery); len(faults) > 0 {
		return faults
	}
	value, err := p.valueOf(map[string]any{})
	if err != nil {
		return refused(fault.Problemf("not allowed: %v", err))
	}
	return fault.When(len(p.Values) > 0 && !slices.Contains(p.Values, value), fault.Fault{
		Path: values, Given: p.Values, Problem: fault.Problemf("lacks %q, which %s gives for a record without fields", value, path), Reads: []fault.Path{path},
	})
}

// valueOf is the key's value of a record.
func (p *Partitioning) valueOf(record map[string]any) (string, error) {
	query, err := gojq.Parse(p.query())
	if err != nil {
		return "", fmt.Errorf("jq: %w", err)
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return "", fmt.Errorf("jq: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) // jq has loops
	defer cancel()
	results := code.RunWithContext(ctx, record)
	result, ok := results.Next()
	if err, failed := result.(error); failed {
		return "", fmt.Errorf("jq, for a record without fields: %w", err)
	}
	if _, more := results.Next(); more || !ok {
		return "", errors.New("gives not one value for a record without fields")
	}
	object, _ := result.(map[string]any)
	value, isText := object[p.Name].(string)
	if !isText || value == "" || len(object) != 1 {
		return "", fmt.Errorf("gives %s for a record without fields, which goes under the error prefix then", gojq.Preview(object[p.Name]))
	}
	return value, nil
}

// extraction asks for the key's value. The order of the parameters is Firehose's own: another would be a difference for ever
// (gh:hashicorp/terraform-provider-aws#9827).
func (p *Partitioning) extraction() kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessorArgs {
	return processor("MetadataExtraction", [2]string{"MetadataExtractionQuery", p.query()}, [2]string{"JsonParsingEngine", "JQ-1.6"})
}

// dynamic switches partitioning on.
func (p *Partitioning) dynamic() kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDynamicPartitioningConfigurationPtrInput {
	if p == nil {
		return nil
	}
	return kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationDynamicPartitioningConfigurationArgs{
		Enabled:       pulumi.Bool(true),
		RetryDuration: pulumi.Int(partitionRetrySeconds),
	}
}

// project has Athena know the key.
func (p *Partitioning) project(parameters pulumi.StringMap) {
	if p == nil {
		return
	}
	projection := "projection." + p.Name
	if len(p.Values) == 0 {
		parameters[projection+".type"] = pulumi.String("injected")
		return
	}
	parameters[projection+".type"] = pulumi.String("enum")
	parameters[projection+".values"] = pulumi.String(strings.Join(p.Values, ","))
}
