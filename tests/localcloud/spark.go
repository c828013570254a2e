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

// icebergJars are what Glue 6.0 adds for `--datalake-formats iceberg`, by what each is for.
var icebergJars = map[string]artifact{
	"Spark": {
		group: "org.apache.iceberg", name: "iceberg-spark-runtime-4.1_2.13", version: "1.11.0", extension: "jar",
		sha256: "d6ea6c5d099288daeb7d5a92061bd3d7d8f296492632b42378e5f2f0e3066242",
	},
	"AWS": {
		group: "org.apache.iceberg", name: "iceberg-aws-bundle", version: "1.11.0", extension: "jar",
		sha256: "38f01da7e96850cdd05e6616d758b77b43314b712a8808e3f9a824d56976162f",
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

// Spark is one of the version that the jobs run on, with Iceberg, in a folder of its own.
type Spark struct {
	dir string
	// Python has the jobs' packages, and those of their tests.
	Python string
}

// EnsureSpark installs Spark, a Java for it and Iceberg, with a line and the time for each.
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
func (s *Spark) jars() string     { return filepath.Join(s.dir, "iceberg") }

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
		for _, purpose := range slices.Sorted(maps.Keys(icebergJars)) {
			jar := icebergJars[purpose]
			target := filepath.Join(s.jars(), jar.file())
			err := t.ensure(ctx, out, tool{
				name:   fmt.Sprintf("Iceberg %s for %s", jar.version, purpose),
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
