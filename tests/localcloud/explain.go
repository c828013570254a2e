package localcloud

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// awsWrapper calls AWS's command line on the emulator.
const awsWrapper = `#!/bin/sh
# AWS's command line on the local cloud's emulator.
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_PAGER=
export AWS_ENDPOINT_URL=%s AWS_DEFAULT_REGION=%s NO_PROXY=127.0.0.1
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_CA_BUNDLE
exec %q -m awscli "$@"
`

// Explain prints three commands to try against the emulator, which stays up.
func (c *Cloud) Explain(ctx context.Context) error {
	outputs, err := c.Outputs(ctx)
	if err != nil {
		return err
	}
	region, _ := outputs["region"].(string)
	wrapper := filepath.Join(c.dir, "aws")
	script := fmt.Sprintf(awsWrapper, c.Endpoint(), region, c.tools.Python)
	if err := writeFile(wrapper, strings.NewReader(script), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", wrapper, err)
	}
	aws, err := filepath.Rel(c.tools.root, wrapper)
	if err != nil {
		aws = wrapper
	}
	_, err = fmt.Fprintf(c.out, `
The emulator stays up on %[1]s. Try:
  %[2]s kinesis describe-stream-summary --stream-name %[3]v
  %[2]s firehose describe-delivery-stream --delivery-stream-name %[4]v
  %[2]s glue get-table --database-name %[5]v --name %[6]v
`+"`make up` again changes nothing; `make down` ends and removes all of it.\n",
		c.Endpoint(), aws, outputs["streamName"], outputs["deliveryStreamName"], outputs["databaseName"], outputs["rawTableName"])
	return err
}
