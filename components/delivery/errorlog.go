package delivery

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/log-pipeline/components/internal/loggroup"
	"example.com/log-pipeline/internal/iampolicy"
)

// DefaultLogRetentionDays is a year.
const DefaultLogRetentionDays = loggroup.DefaultRetentionDays

// LogRetentionDays is what CloudWatch Logs takes.
var LogRetentionDays = loggroup.RetentionDays

// errorLog is where Firehose says what it could not deliver: a log group, and a log stream for each of its tasks.
type errorLog struct {
	group   *cloudwatch.LogGroup
	streams []*cloudwatch.LogStream
}

// logStream is a log stream that is to be made: the end of its logical name, and what the console calls it, which is unique
// within its group.
type logStream struct{ suffix, name string }

// newErrorLog makes name-errors and its log streams, in their order.
func newErrorLog(
	ctx *pulumi.Context, name string, retentionDays int, keyARN pulumi.StringInput, streams []logStream, opts ...pulumi.ResourceOption,
) (log errorLog, err error) {
	if log.group, err = loggroup.New(ctx, name+"-errors", retentionDays, keyARN, opts...); err != nil {
		return errorLog{}, err
	}
	for _, s := range streams {
		stream, err := cloudwatch.NewLogStream(ctx, name+"-errors-"+s.suffix, &cloudwatch.LogStreamArgs{
			LogGroupName: log.group.Name,
			Name:         pulumi.String(s.name),
		}, opts...)
		if err != nil {
			return errorLog{}, fmt.Errorf("create log stream: %w", err)
		}
		log.streams = append(log.streams, stream)
	}
	return log, nil
}

// permissions let a role write to the log.
func (l errorLog) permissions() iampolicy.Statement {
	statement := iampolicy.Statement{Sid: "LogErrors", Effect: iampolicy.Allow, Actions: []string{"logs:PutLogEvents"}}
	for _, stream := range l.streams {
		statement.Resources = append(statement.Resources, pulumi.Sprintf("%s:log-stream:%s", l.group.Arn, stream.Name))
	}
	return statement
}
