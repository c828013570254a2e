package demo

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/service"
)

// sparkRun is a script on a Spark that reaches the emulator. What it prints is in a log in dir.
type sparkRun struct {
	name, dir, script   string
	arguments, settings []string
	// path is where Python looks for packages.
	path []string
}

func (r sparkRun) start(cloud *localcloud.Cloud, spark *localcloud.Spark, region string) (*service.Service, error) {
	conf := filepath.Join(r.dir, "conf")
	if err := os.MkdirAll(conf, 0o755); err != nil {
		return nil, err
	}
	settings := strings.Join(append(r.settings, localSettings(cloud.Endpoint())...), "\n")
	if err := os.WriteFile(filepath.Join(conf, "spark-defaults.conf"), []byte(settings), 0o600); err != nil {
		return nil, err
	}
	command := exec.Command(spark.Python, append([]string{r.script}, r.arguments...)...)
	command.Env = slices.Concat(cloud.Environment(region), spark.Environment(), []string{
		"SPARK_CONF_DIR=" + conf,
		"PYTHONPATH=" + strings.Join(r.path, string(os.PathListSeparator)),
	})
	return service.Start(r.name, command, r.dir)
}

// localSettings point Spark at the emulator, and keep it as small as a laptop: what Glue and EMR know of themselves.
func localSettings(endpoint string) []string {
	return []string{
		"spark.master local[2]",
		"spark.driver.memory 1g",
		"spark.ui.enabled false",
		"spark.hadoop.fs.s3.impl org.apache.hadoop.fs.s3a.S3AFileSystem",
		"spark.hadoop.fs.AbstractFileSystem.s3.impl org.apache.hadoop.fs.s3a.S3A",
		"spark.hadoop.fs.s3a.endpoint " + endpoint,
		"spark.hadoop.fs.s3a.path.style.access true",
		"spark.hadoop.fs.s3a.connection.ssl.enabled false",
		"spark.sql.catalog.warehouse.glue.endpoint " + endpoint,
		"spark.sql.catalog.warehouse.s3.endpoint " + endpoint,
		"spark.sql.catalog.warehouse.s3.path-style-access true",
	}
}
