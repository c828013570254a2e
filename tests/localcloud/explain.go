package localcloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"example.com/log-pipeline/tests/localcloud/kubebridge"
)

// awsWrapper calls AWS's command line on the emulator.
const awsWrapper = `#!/bin/sh
# AWS's command line on the local cloud's emulator.
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_PAGER=
export AWS_ENDPOINT_URL=%s AWS_DEFAULT_REGION=%s NO_PROXY=127.0.0.1
unset AWS_PROFILE AWS_SESSION_TOKEN AWS_CA_BUNDLE
exec %q -m awscli "$@"
`

// Explain prints commands to try against the emulator and the cluster, which
// stay up.
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
	_, err = fmt.Fprintf(c.out, `
The emulator stays up on %[1]s, the API server on %[7]s. Try:
  %[2]s kinesis describe-stream-summary --stream-name %[3]v
  %[2]s firehose describe-delivery-stream --delivery-stream-name %[4]v
  %[2]s glue get-table --database-name %[5]v --name %[6]v
  %[8]s -dir %[9]s objects
`+"`make up` again changes nothing; `make down` ends and removes all of it.\n",
		c.Endpoint(), c.fromRoot(wrapper), outputs["streamName"], outputs["deliveryStreamName"], outputs["databaseName"],
		outputs["rawTableName"], c.clusterURL(), c.fromRoot(c.tools.path("bin", "localcloud")), c.fromRoot(c.dir))
	return err
}

// fromRoot shortens a path for somebody who stands in the project's folder.
func (c *Cloud) fromRoot(path string) string {
	short, err := filepath.Rel(c.tools.root, path)
	if err != nil || strings.HasPrefix(short, "..") {
		return path
	}
	return short
}

func (c *Cloud) clusterURL() string {
	if c.user != nil {
		return c.user.server
	}
	return c.server.URL()
}

// ShowObjects prints the program's Kubernetes objects as they are in the
// cluster, in YAML. It starts nothing.
func (c *Cloud) ShowObjects(ctx context.Context, to io.Writer) error {
	found, err := c.last()
	if err != nil {
		return err
	}
	kubeconfig := c.userKubeconfig()
	if found.user == nil {
		if found.server == nil {
			return errors.New("no API server runs for this local cloud: `make up` starts it")
		}
		kubeconfig = found.server.Kubeconfig()
	}
	cluster, err := kubebridge.Connect(kubeconfig, "")
	if err != nil {
		return err
	}
	for _, resource := range found.state.objects() {
		object, err := cluster.Show(ctx, resource.Type, resource.ID)
		if err != nil {
			return err
		}
		if err := yaml.NewEncoder(to).Encode(object); err != nil {
			return fmt.Errorf("write %s: %w", resource.ID, err)
		}
		if _, err := fmt.Fprintln(to, "---"); err != nil {
			return err
		}
	}
	return nil
}
