package localcloud

import (
	"context"
	"fmt"
	"os"

	"gopkg.in/yaml.v3"
)

// Folder is the cloud's own folder. What is in it goes with Down.
func (c *Cloud) Folder() string { return c.dir }

// Root is the project's folder.
func (c *Cloud) Root() string { return c.tools.root }

// Environment is that of processes that work on the cloud for a while: AWS's clients in them reach the emulator, and EndWork
// ends them.
func (c *Cloud) Environment(region string) []string {
	return append(environment(c.dir),
		"AWS_ENDPOINT_URL="+c.Endpoint(), "AWS_REGION="+region, "AWS_DEFAULT_REGION="+region,
		"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_EC2_METADATA_DISABLED=true", "NO_PROXY=127.0.0.1")
}

// EndWork ends all processes that work on the cloud, with their children. The emulator and the API server go on.
func (c *Cloud) EndWork() error {
	return killAll(context.Background(), c.dir, c.lasting()...)
}

// Section returns a section of the program's configuration, as the last step set it; nil without one.
func (c *Cloud) Section(name string) (map[string]any, error) {
	content, err := os.ReadFile(c.settingsFile())
	if err != nil {
		return nil, fmt.Errorf("read the stack's settings: %w", err)
	}
	var settings struct {
		Config map[string]any `yaml:"config"`
	}
	if err := yaml.Unmarshal(content, &settings); err != nil {
		return nil, fmt.Errorf("read the stack's settings: %w", err)
	}
	section, _ := settings.Config["log-pipeline:"+name].(map[string]any)
	return section, nil
}
