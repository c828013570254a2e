package demo

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"example.com/log-pipeline/internal/metricspec"
	"example.com/log-pipeline/tests/localcloud"
	"example.com/log-pipeline/tests/localcloud/service"
)

// Arguments that Glue itself reads: docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html.
const (
	modulesArgument = "--additional-python-modules"
	confArgument    = "--conf"
)

// job is the provisioned one, as Glue describes it, with its files in dir.
type job struct {
	name      string
	arguments map[string]string
	dir       string
	script    string
	// packages is the folder of the Python packages that it names.
	packages string
}

// fetchJob does what Glue does before a run: it asks what the job is, downloads its script, and installs its packages.
func fetchJob(ctx context.Context, config aws.Config, name, dir string, spark *localcloud.Spark) (*job, error) {
	answer, err := glue.NewFromConfig(config).GetJob(ctx, &glue.GetJobInput{JobName: &name})
	if err != nil {
		return nil, fmt.Errorf("get job %s: %w", name, err)
	}
	j := &job{name: name, arguments: answer.Job.DefaultArguments, dir: dir, packages: filepath.Join(dir, "packages")}
	objects := objectsOf(config)
	if j.script, err = download(ctx, objects, aws.ToString(answer.Job.Command.ScriptLocation), dir); err != nil {
		return nil, err
	}
	for _, uri := range strings.Split(j.arguments[modulesArgument], ",") {
		wheel, err := download(ctx, objects, uri, dir)
		if err != nil {
			return nil, err
		}
		install := exec.CommandContext(ctx, spark.Python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
			"--no-deps", "--no-index", "--target", j.packages, wheel)
		if output, err := install.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("install %s: %w\n%s", uri, err, output)
		}
	}
	return j, nil
}

func objectsOf(config aws.Config) *s3.Client {
	return s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
}

// download puts an object into dir, under its own name.
func download(ctx context.Context, objects *s3.Client, uri, dir string) (string, error) {
	at, err := url.Parse(uri)
	if err != nil || at.Scheme != "s3" {
		return "", fmt.Errorf("%q is no URI of an S3 object", uri)
	}
	object, err := objects.GetObject(ctx, &s3.GetObjectInput{Bucket: &at.Host, Key: aws.String(strings.TrimPrefix(at.Path, "/"))})
	if err != nil {
		return "", fmt.Errorf("get %s: %w", uri, err)
	}
	defer func() { _ = object.Body.Close() }()
	target := filepath.Join(dir, path.Base(at.Path))
	file, err := os.Create(target)
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(file, object.Body); err != nil {
		_ = file.Close()
		return "", fmt.Errorf("download %s: %w", uri, err)
	}
	return target, file.Close()
}

// spec is what the job counts.
func (j *job) spec(ctx context.Context, config aws.Config) (*metricspec.Spec, error) {
	uri := j.arguments["--spec"]
	file, err := download(ctx, objectsOf(config), uri, j.dir)
	if err != nil {
		return nil, err
	}
	spec, faults := metricspec.Read(file)
	if len(faults) > 0 {
		return nil, fmt.Errorf("read the spec %s: %w", uri, faults)
	}
	return spec, nil
}

// start runs the script as Glue would, with all of the job's arguments and settings.
func (j *job) start(cloud *localcloud.Cloud, spark *localcloud.Spark, region string) (*service.Service, error) {
	return sparkRun{
		name: "job", dir: j.dir, script: j.script, arguments: append([]string{"--JOB_NAME", j.name}, j.words()...), settings: j.settings(),
		path: []string{j.packages, filepath.Join(cloud.Root(), "tests", "localcloud", "spark")},
	}.start(cloud, spark, region)
}

// words are the job's arguments as a command line has them. Glue's own are there too, as in a run of Glue's.
func (j *job) words() []string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(j.arguments)) {
		words = append(words, name, j.arguments[name])
	}
	return words
}

// settings are those of the job's own argument for Spark, which holds more of the same: a=1 --conf b=2.
func (j *job) settings() []string {
	var settings []string
	for _, setting := range strings.Split(j.arguments[confArgument], " "+confArgument+" ") {
		name, value, _ := strings.Cut(setting, "=")
		settings = append(settings, name+" "+value)
	}
	return settings
}
