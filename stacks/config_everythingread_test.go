package stacks

import (
	"time"

	"example.com/log-pipeline/components/dashboard"
	"example.com/log-pipeline/components/lake"
	"example.com/log-pipeline/components/logging"
	"example.com/log-pipeline/components/search"
	"example.com/log-pipeline/internal/capacity"
)

// everythingRead is what becomes of everything, without what is computed.
func everythingRead() *Config {
	seconds, masters, replicas := 900, 3, 2
	traffic := capacity.Traffic{
		PeakRecordsPerSecond: 3_000, MeanRecordsPerSecond: 400, MeanRecordBytes: 2_000, LargestRecordBytes: 4_000, BurstFactor: 2.5, Burst: time.Minute,
	}
	ofShop := traffic
	ofShop.PeakRecordsPerSecond, ofShop.MeanRecordsPerSecond = 2_000, 300
	return &Config{
		Accounts: Accounts{
			Data: Account{
				ID: "111111111111", Region: "us-east-1", RoleARN: "arn:aws:iam::111111111111:role/ops/deploy", ExternalID: "data-external",
			},
			Service: &Account{
				ID: "222222222222", Region: "us-west-2", RoleARN: "arn:aws:iam::222222222222:role/deploy", ExternalID: "service-external",
			},
			Side: sideService, serviceExternalID: "service-external",
		},
		EmulatorEndpoint: "http://127.0.0.1:5000",
		NamePrefix:       "logs-of-all",
		Tags:             map[string]string{"team": "logs", "cost centre": "1234"},
		Load:             capacity.Load{SharedReaders: 2, Traffic: traffic},
		StreamOutage:     10 * time.Minute, FluentdOutage: 5 * time.Minute,
		Stream: streamConfig{
			Name: "logs", Mode: capacity.Provisioned, ShardCount: 15, RetentionHours: 168, FanOutConsumers: []string{"metrics", "audit"},
			ProducerAccountIDs: []string{"333333333333"},
		},
		Delivery: deliveryConfig{
			BufferMiB: 100, BufferSeconds: &seconds, CompressionRatio: 8, MinObjectMiB: 12, SmallObjects: "refuse", AppendDelimiter: true, LogRetentionDays: 30,
			Format: "json",
		},
		Search: searchConfig{
			Enabled: true, EngineVersion: "OpenSearch_2.17", IndexName: "team", FunctionArchitecture: "x86_64", LogRetentionDays: 90,
			ReaderRoleARNs: []string{"arn:aws:iam::444444444444:role/developer"}, AdminRoleARNs: []string{"arn:aws:iam::111111111111:role/operator"},
			Cognito: &search.Cognito{UserPoolID: "us-east-1_AbCdEfGhI", IdentityPoolID: "us-east-1:0b9e2a44-5c0f"},
			Network: &search.Network{
				Subnets:                []search.Subnet{{ID: "subnet-0a1b2c3d", Zone: "us-east-1a"}, {ID: "subnet-1a1b2c3d", Zone: "us-east-1b"}},
				DomainSecurityGroupIDs: []string{"sg-0a1b2c3d"}, ClientSecurityGroupIDs: []string{"sg-1a1b2c3d"},
			},
			Delivery: searchDeliveryConfig{BufferMiB: 10, BufferSeconds: 30, RetrySeconds: 600, Backup: "all"},
			Choice: capacity.SearchChoice{
				Zones: 2, InstanceType: "r7g.2xlarge.search", Instances: 4, VolumeGiB: 2000, Masters: &masters, MasterType: "m7g.large.search",
				Shards: 20, Replicas: &replicas, IndexRatio: 1.2, VCPURecordsPerSecond: 4000, Rotation: "OneWeek", DaysKept: 14, RefreshSeconds: 20,
			},
		},
		Kubeconfig: "/etc/kubeconfig",
		Clusters: []clusterConfig{{
			Name: "shop", Context: "shop-eu", Issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/A",
			OIDCProviderARN: "arn:aws:iam::222222222222:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/A",
			RoleName:        "logs-of-all-shop-fluentd", InstallOperator: true, ExistingNamespace: true, Prometheus: true, StorageClass: "gp3",
			Load: capacity.Cluster{
				Nodes: 10, PodsPerNode: 20, PodPeakRecordsPerSecond: 40, Traffic: ofShop, StreamOutage: 10 * time.Minute, AggregatorOutage: 5 * time.Minute,
			},
			Choice: capacity.ClusterChoice{
				AgentDiskMiB: 20_000, Replicas: 6, Workers: 2, FlushThreads: 8, FlushSeconds: 10, AggregatorDiskGiB: 100,
				WorkerRecordsPerSecond: 4_000, RetriesOnBatchRequest: 900,
			},
		}},
		Logging: loggingConfig{
			Namespace: "logs", Outputs: []logging.OutputName{"stream", "s3", "firehose"}, FirehoseName: "direct", ExcludedNamespaces: []string{"kube-system"},
		},
		Events: logging.Events{
			RedactFields: []string{"password"}, RedactPatterns: []string{"[0-9]{16}"}, PartitionKey: logging.ByPod, Oversize: logging.Divert,
		},
		Flows: []flowConfig{{Clusters: []string{"shop"}, Flow: logging.Flow{
			Name: "shop", Namespaces: []string{"shop"}, ExcludedNamespaces: []string{"cart"},
			Labels: map[string]string{"app": "x"}, ExcludedLabels: map[string]string{"app": "y"},
			Containers: []string{"istio-proxy"}, ExcludedContainers: []string{"init"},
			Parser: logging.Istio, Outputs: []logging.OutputName{logging.ToStream},
		}}},
		Access: accessConfig{
			WriterRoleName: "logs-of-all-writer", WriterRoleARN: "arn:aws:iam::111111111111:role/writer", WriterExternalID: "between-them",
			ProducerRoleARNs: []string{"arn:aws:iam::333333333333:role/other"},
			FailedBucketName: "failed", S3BucketName: "direct", ReaderRoleName: "logs-of-all-reader",
			ReaderRoleARNs: []string{"arn:aws:iam::444444444444:role/analyst"}, ReaderExternalID: "between-us",
		},
		Lake:      lakeConfig{Raw: lake.RawLifecycle{InfrequentAccessDays: 40, ArchiveDays: 70}},
		Warehouse: warehouseConfig{SnapshotDays: 7, OrphanDays: 10, GrantToIAM: true},
		Metrics: metricsConfig{
			Enabled: true, SpecFile: "testdata/metrics.yaml", Paused: true, MaintenanceWindow: "Sun:3", LogRetentionDays: 30,
			Choice: capacity.JobChoice{WorkerType: capacity.G2X, Workers: 7, WorkerRecordsPerSecond: 30_000, TriggerSeconds: 30, ScheduleMinutes: 10},
		},
		Batch: batchConfig{
			Enabled: true, Paused: true, LogRetentionDays: 60, Choice: capacity.BatchChoice{RunsPerDay: 4, LatenessHours: 7, Executors: 5},
		},
		Query: queryConfig{BytesScannedCutoff: 20_000_000},
		Dashboard: dashboardConfig{
			Enabled: true, Title: "Shop", ImportMode: "SPICE", Metrics: []string{"requests"}, ServiceRoleNames: []string{"aws-quicksight-service-role-v0"},
			Access:  dashboard.Access{Owners: []string{"platform"}, Readers: []string{"everyone"}, Namespace: "teams", IdentityRegion: "eu-west-1"},
			Refresh: dashboard.Refresh{Minutes: 15, LookbackHours: 48},
		},
		ForceDestroy: true,
	}
}
