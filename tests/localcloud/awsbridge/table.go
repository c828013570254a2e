package awsbridge

import (
	"maps"
	"slices"
	"strings"
)

// resourceType says which upstream type stands behind a pulumi-aws type, and
// where the bridge names its properties otherwise.
type resourceType struct {
	// upstream is the Terraform resource type.
	upstream string
	// renames are the properties that pulumi-aws and the bridge call differently.
	renames []rename
	// autoname is the property that pulumi-aws fills with the resource's name
	// and a random suffix. The bridge does so only for one called "name".
	autoname string
	// timeouts are those of operations after which the upstream provider waits
	// for minutes before it looks for the first time, or until the timeout: then
	// it looks at once. Where there are any, they are those of all operations
	// that the type has a timeout of: the bridge refuses a state with half.
	timeouts map[string]string
	// slowDelete says that it waits so after a deletion too, to which the bridge
	// does not hand its timeout on.
	slowDelete bool
}

// types lists what the program registers, and no more: the bridge takes
// seconds longer for each dozen types it loads. A type that is missing here
// fails with a sentence, and TestTableHasEveryTypeTheProgramRegisters first.
var types = map[string]resourceType{
	"aws:athena/namedQuery:NamedQuery":                   {upstream: "aws_athena_named_query"},
	"aws:athena/workgroup:Workgroup":                     {upstream: "aws_athena_workgroup"},
	"aws:cloudformation/stack:Stack":                     {upstream: "aws_cloudformation_stack"},
	"aws:cloudwatch/logGroup:LogGroup":                   {upstream: "aws_cloudwatch_log_group"},
	"aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {upstream: "aws_cloudwatch_log_resource_policy"},
	"aws:cloudwatch/logStream:LogStream":                 {upstream: "aws_cloudwatch_log_stream"},
	"aws:emrserverless/application:Application":          {upstream: "aws_emrserverless_application"},
	"aws:glue/catalogDatabase:CatalogDatabase":           {upstream: "aws_glue_catalog_database"},
	"aws:glue/catalogTable:CatalogTable":                 {upstream: "aws_glue_catalog_table"},
	"aws:glue/catalogTableOptimizer:CatalogTableOptimizer": {
		upstream: "aws_glue_catalog_table_optimizer",
		renames: []rename{
			{from: "configuration", to: "configurations"},
			{in: "configurations", from: "retentionConfiguration", to: "retentionConfigurations"},
			{in: "configurations", from: "orphanFileDeletionConfiguration", to: "orphanFileDeletionConfigurations"},
			{in: "configurations.retentionConfigurations", from: "icebergConfiguration", to: "icebergConfigurations"},
			{in: "configurations.orphanFileDeletionConfigurations", from: "icebergConfiguration", to: "icebergConfigurations"},
		},
	},
	"aws:glue/job:Job": {upstream: "aws_glue_job"},
	"aws:glue/securityConfiguration:SecurityConfiguration": {upstream: "aws_glue_security_configuration"},
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider":  {upstream: "aws_iam_openid_connect_provider"},
	"aws:iam/role:Role":                                         {upstream: "aws_iam_role"},
	"aws:iam/rolePolicy:RolePolicy":                             {upstream: "aws_iam_role_policy"},
	"aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {upstream: "aws_kinesis_firehose_delivery_stream"},
	"aws:kinesis/stream:Stream":                                 {upstream: "aws_kinesis_stream"},
	"aws:kinesis/streamConsumer:StreamConsumer":                 {upstream: "aws_kinesis_stream_consumer"},
	"aws:kms/alias:Alias":                                       {upstream: "aws_kms_alias"},
	"aws:kms/key:Key":                                           {upstream: "aws_kms_key"},
	"aws:lakeformation/permissions:Permissions":                 {upstream: "aws_lakeformation_permissions"},
	"aws:lambda/function:Function": {
		upstream: "aws_lambda_function",
		renames: []rename{
			{from: "name", to: "functionName", as: sameValue},
			{from: "code", to: "filename", as: archivePath},
		},
		autoname: "name",
	},
	"aws:lambda/invocation:Invocation": {upstream: "aws_lambda_invocation"},
	"aws:opensearch/domain:Domain": {
		upstream: "aws_opensearch_domain",
		autoname: "domainName",
		// 10 minutes and 1 otherwise. An upgrade is looked at after 30 seconds, and fails at its timeout.
		timeouts:   map[string]string{"create": "1s", "update": "35s", "delete": "1s"},
		slowDelete: true,
	},
	"aws:opensearch/domainPolicy:DomainPolicy": {
		upstream: "aws_opensearch_domain_policy",
		timeouts: map[string]string{"update": "1s", "delete": "1s"},
	},
	"aws:quicksight/dataSet:DataSet":                   {upstream: "aws_quicksight_data_set"},
	"aws:quicksight/dataSource:DataSource":             {upstream: "aws_quicksight_data_source"},
	"aws:quicksight/folder:Folder":                     {upstream: "aws_quicksight_folder"},
	"aws:quicksight/folderMembership:FolderMembership": {upstream: "aws_quicksight_folder_membership"},
	"aws:quicksight/refreshSchedule:RefreshSchedule": {
		upstream: "aws_quicksight_refresh_schedule",
		renames: []rename{
			{from: "schedule", to: "schedules"},
			{in: "schedules", from: "scheduleFrequency", to: "scheduleFrequencies"},
		},
	},
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": {
		upstream: "aws_s3_bucket_lifecycle_configuration",
		renames: []rename{
			{in: "rules", from: "abortIncompleteMultipartUpload", to: "abortIncompleteMultipartUploads"},
			{in: "rules", from: "expiration", to: "expirations"},
			{in: "rules", from: "filter", to: "filters"},
			{in: "rules", from: "noncurrentVersionExpiration", to: "noncurrentVersionExpirations"},
		},
	},
	"aws:s3/bucketLoggingV2:BucketLoggingV2":                 {upstream: "aws_s3_bucket_logging"},
	"aws:s3/bucketObjectv2:BucketObjectv2":                   {upstream: "aws_s3_object"},
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls": {upstream: "aws_s3_bucket_ownership_controls"},
	"aws:s3/bucketPolicy:BucketPolicy":                       {upstream: "aws_s3_bucket_policy"},
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {upstream: "aws_s3_bucket_public_access_block"},
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": {
		upstream: "aws_s3_bucket_server_side_encryption_configuration",
	},
	"aws:s3/bucketV2:BucketV2":                     {upstream: "aws_s3_bucket", autoname: "bucket"},
	"aws:s3/bucketVersioningV2:BucketVersioningV2": {upstream: "aws_s3_bucket_versioning"},
	"aws:scheduler/schedule:Schedule":              {upstream: "aws_scheduler_schedule"},
	"aws:scheduler/scheduleGroup:ScheduleGroup":    {upstream: "aws_scheduler_schedule_group"},
}

// functions are the upstream data sources behind pulumi-aws's functions, which call their properties alike.
var functions = map[string]string{
	"aws:quicksight/getQuicksightGroup:getQuicksightGroup": "aws_quicksight_group",
}

// providerRenames are the provider's own settings of which the bridge wants a
// list where pulumi-aws has one object.
var providerRenames = []rename{
	{from: "assumeRole", to: "assumeRoles"},
	{from: "defaultTags", to: "defaultTags"},
	{from: "ignoreTags", to: "ignoreTags"},
}

// Types returns the pulumi-aws types that the local cloud can create, sorted.
func Types() []string {
	return slices.Sorted(maps.Keys(types))
}

// token returns the name under which the bridge serves the upstream type:
// aws_s3_bucket is aws:index/s3Bucket:S3Bucket.
func (t resourceType) token() string {
	upper := camelCase(t.upstream)
	return "aws:index/" + strings.ToLower(upper[:1]) + upper[1:] + ":" + upper
}

// functionToken returns the name under which the bridge serves the upstream data source:
// aws_quicksight_group is aws:index/getQuicksightGroup:getQuicksightGroup.
func functionToken(upstream string) string {
	name := "get" + camelCase(upstream)
	return "aws:index/" + name + ":" + name
}

func camelCase(upstream string) string {
	var name strings.Builder
	for _, word := range strings.Split(strings.TrimPrefix(upstream, "aws_"), "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

// includes are the arguments that have the bridge load these types and functions only.
func includes() []string {
	var args []string
	for _, name := range Types() {
		args = append(args, "--include="+types[name].upstream)
	}
	for _, name := range slices.Sorted(maps.Keys(functions)) {
		args = append(args, "--include="+functions[name])
	}
	return args
}
