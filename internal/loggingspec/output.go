package loggingspec

// ClusterOutput takes events from flows of all namespaces. Beside the first two it has one of the plugins.
type ClusterOutput struct {
	LoggingRef      string           `json:"loggingRef,omitzero"`
	Protected       bool             `json:"protected,omitzero"`
	KinesisStream   *KinesisStream   `json:"kinesisStream,omitzero"`
	KinesisFirehose *KinesisFirehose `json:"kinesisFirehose,omitzero"`
	S3              *S3              `json:"s3,omitzero"`
	Relabel         *Relabel         `json:"relabel,omitzero"`
}

// KinesisStream sends to a data stream.
type KinesisStream struct {
	StreamName            string      `json:"stream_name,omitzero"`
	Region                string      `json:"region,omitzero"`
	PartitionKey          string      `json:"partition_key,omitzero"`
	RetriesOnBatchRequest int         `json:"retries_on_batch_request,omitzero"`
	AssumeRoleCredentials *AssumeRole `json:"assume_role_credentials,omitzero"`
	Format                *Format     `json:"format,omitzero"`
	Buffer                *Buffer     `json:"buffer,omitzero"`
}

// KinesisFirehose sends to a delivery stream.
type KinesisFirehose struct {
	DeliveryStreamName    string      `json:"delivery_stream_name,omitzero"`
	Region                string      `json:"region,omitzero"`
	RetriesOnBatchRequest int         `json:"retries_on_batch_request,omitzero"`
	AssumeRoleCredentials *AssumeRole `json:"assume_role_credentials,omitzero"`
	Format                *Format     `json:"format,omitzero"`
	Buffer                *Buffer     `json:"buffer,omitzero"`
}

// S3 writes objects. Its booleans are text in the operator's types.
type S3 struct {
	Bucket                string      `json:"s3_bucket,omitzero"`
	Region                string      `json:"s3_region,omitzero"`
	Path                  string      `json:"path,omitzero"`
	ObjectKeyFormat       string      `json:"s3_object_key_format,omitzero"`
	HexRandomLength       string      `json:"hex_random_length,omitzero"`
	StoreAs               string      `json:"store_as,omitzero"`
	CheckBucket           string      `json:"check_bucket,omitzero"`
	CheckObject           string      `json:"check_object,omitzero"`
	CheckAPIKeyOnStart    string      `json:"check_apikey_on_start,omitzero"`
	AutoCreateBucket      string      `json:"auto_create_bucket,omitzero"`
	AssumeRoleCredentials *AssumeRole `json:"assume_role_credentials,omitzero"`
	Format                *Format     `json:"format,omitzero"`
	Buffer                *Buffer     `json:"buffer,omitzero"`
}

// AssumeRole is the role that a plugin assumes.
type AssumeRole struct {
	RoleARN         string `json:"role_arn,omitzero"`
	RoleSessionName string `json:"role_session_name,omitzero"`
	DurationSeconds string `json:"duration_seconds,omitzero"`
	ExternalID      string `json:"external_id,omitzero"`
}

// Format is how a plugin writes an event.
type Format struct {
	Type string `json:"type,omitzero"`
}

// Buffer is what a plugin has not sent yet.
type Buffer struct {
	Type                     string `json:"type,omitzero"`
	Tags                     string `json:"tags,omitzero"`
	Timekey                  string `json:"timekey,omitzero"`
	TimekeyWait              string `json:"timekey_wait,omitzero"`
	TimekeyUseUTC            bool   `json:"timekey_use_utc,omitzero"`
	FlushMode                string `json:"flush_mode,omitzero"`
	FlushInterval            string `json:"flush_interval,omitzero"`
	FlushThreadCount         int    `json:"flush_thread_count,omitzero"`
	FlushThreadInterval      string `json:"flush_thread_interval,omitzero"`
	FlushThreadBurstInterval string `json:"flush_thread_burst_interval,omitzero"`
	ChunkLimitSize           string `json:"chunk_limit_size,omitzero"`
	QueuedChunksLimitSize    int    `json:"queued_chunks_limit_size,omitzero"`
	TotalLimitSize           string `json:"total_limit_size,omitzero"`
	OverflowAction           string `json:"overflow_action,omitzero"`
	RetryForever             bool   `json:"retry_forever,omitzero"`
	RetryMaxInterval         string `json:"retry_max_interval,omitzero"`
	FlushAtShutdown          bool   `json:"flush_at_shutdown,omitzero"`
}

// Relabel sends events to another part of Fluentd's configuration.
type Relabel struct {
	Label string `json:"label,omitzero"`
}
