package localcloud

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sparkJars are what Glue 6.0 has beside Spark 4.1, by what each is: Iceberg, which it adds for `--datalake-formats iceberg`,
// and a file system for s3:// URIs. Glue's own is not to be had, so Hadoop's is here, of the version in PySpark, with the part
// of the AWS SDK that Iceberg's bundle lacks, of that bundle's version.
var sparkJars = map[string]artifact{
	"Iceberg for Spark": {
		group: "org.apache.iceberg", name: "iceberg-spark-runtime-4.1_2.13", version: "1.11.0", extension: "jar",
		sha256: "d6ea6c5d099288daeb7d5a92061bd3d7d8f296492632b42378e5f2f0e3066242",
	},
	"Iceberg for AWS": {
		group: "org.apache.iceberg", name: "iceberg-aws-bundle", version: "1.11.0", extension: "jar",
		sha256: "38f01da7e96850cdd05e6616d758b77b43314b712a8808e3f9a824d56976162f",
	},
	"Hadoop for S3": {
		group: "org.apache.hadoop", name: "hadoop-aws", version: "3.4.2", extension: "jar",
		sha256: "d2d24e6b715b5656b9d238bf13b6682a07e2004dd36aad74a73aeb854319f4d9",
	},
	"S3 transfers for Hadoop": {
		group: "software.amazon.awssdk", name: "s3-transfer-manager", version: "2.44.4", extension: "jar",
		sha256: "dbcad736b19f6eb8471f9edf027d9fffe994228f25f415894efd01fd80cb6c02",
	},
}

// launcher is the Java that Spark starts. Spark asks for the module jdk.incubator.vector, which this Java lacks and Spark
// works without.
const launcher = `#!/bin/sh
for argument; do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec "$(dirname "$0")/%s" "$@"
`

// Spark is one of the version that the jobs run on, with Iceberg and S3, in a folder of its own.
type Spark struct {
	dir string
	// Python has the jobs' packages, and those of their tests.
	Python string
}

// EnsureSpark installs Spark, a Java for it, Iceberg and S3, with a line and the time for each.
func EnsureSpark(ctx context.Context, root string, out io.Writer) (*Spark, error) {
	t := newTools(root)
	s := &Spark{dir: t.path("spark")}
	s.Python = pythonOf(s.dir)
	return s, t.locked(ctx, out, t.ensureSparkPackages(s), t.ensureJars(s))
}

// Environment is what a Spark program and its tests need in theirs: Spark reads all three variables itself.
func (s *Spark) Environment() []string {
	return []string{
		"JAVA_HOME=" + s.javaHome(),
		"PYSPARK_PYTHON=" + s.Python,
		"SPARK_DIST_CLASSPATH=" + filepath.Join(s.jars(), "*"),
	}
}

func (s *Spark) javaHome() string { return filepath.Join(s.dir, "java") }
func (s *Spark) jars() string     { return filepath.Join(s.dir, "jars") }

func (t *Tools) ensureSparkPackages(s *Spark) func(context.Context, io.Writer) error {
	const requirements = "components/metrics/spark/requirements.txt"
	return func(ctx context.Context, out io.Writer) error {
		return t.ensure(ctx, out, tool{
			name:   "Spark (Python)",
			output: s.Python,
			pinned: []string{requirements, "tests/localcloud/spark.go"},
			make: func(ctx context.Context) (string, error) {
				if err := t.installPackages(ctx, s.dir, filepath.Join(t.root, requirements)); err != nil {
					return "", err
				}
				return "installed", s.makeJavaHome()
			},
		})
	}
}

// makeJavaHome makes a folder with as much of a Java as Spark looks for: its launcher.
func (s *Spark) makeJavaHome() error {
	runtime, err := javaOf(s.dir)
	if err != nil {
		return err
	}
	bin := filepath.Join(s.javaHome(), "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	fromHere, err := filepath.Rel(bin, filepath.Join(runtime, "bin", "java"))
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(bin, "java"), strings.NewReader(fmt.Sprintf(launcher, fromHere)), 0o755)
}

func (t *Tools) ensureJars(s *Spark) func(context.Context, io.Writer) error {
	return func(ctx context.Context, out io.Writer) error {
		for _, name := range slices.Sorted(maps.Keys(sparkJars)) {
			jar := sparkJars[name]
			target := filepath.Join(s.jars(), jar.file())
			err := t.ensure(ctx, out, tool{
				name:   name + " " + jar.version,
				output: target,
				pinned: []string{"tests/localcloud/spark.go"},
				make: func(ctx context.Context) (string, error) {
					if err := os.MkdirAll(s.jars(), 0o755); err != nil {
						return "", err
					}
					return "downloaded", jar.download(ctx, target)
				},
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
}
