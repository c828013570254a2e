package logging

import spec "example.com/log-pipeline/internal/loggingspec"

// fluentdMemoryMiB is a worker's, with batches of 5 MiB in each of its threads. The operator's default is 400 MB.
const fluentdMemoryMiB = 1024

func (a Args) systemObject() object {
	return object{
		kind: "Logging", name: SystemName, logical: "system", clusterScoped: true,
		spec: func(string) any { return a.system() },
	}
}

// system is Fluentd, with what it does to every event and what it does with those that nobody takes.
func (a Args) system() spec.Logging {
	return spec.Logging{
		LoggingRef:       SystemName,
		ControlNamespace: a.Namespace,
		Fluentd:          a.fluentd(),
		GlobalFilters:    globalFilters(),
		// Without these two, failed events and unmatched logs go to Fluentd's null output.
		ErrorOutputRef: failedOutput,
		DefaultFlow: &spec.DefaultFlow{
			Filters: a.filters(NoParser), GlobalOutputRefs: []string{failedOutput},
		},
	}
}

func (a Args) fluentd() *spec.Fluentd {
	return &spec.Fluentd{
		Workers: a.Aggregator.Workers,
		Scaling: &spec.Scaling{
			Replicas: a.Aggregator.Replicas,
			// The volume stays: see the package on several workers.
			Drain: spec.Drain{Enabled: true},
		},
		DisruptionBudget:          &spec.DisruptionBudget{MaxUnavailable: 1},
		TopologySpreadConstraints: spread(),
		// Also the root_dir that the operator gives to several workers.
		BufferStorageVolume:  a.Aggregator.volume(),
		RootDir:              "/buffers",
		PodPriorityClassName: a.Aggregator.PriorityClass,
		Resources:            a.Aggregator.resources(),
		// IRSA wants the annotation on Fluentd's own ServiceAccount (gh:kube-logging/logging-operator#1118).
		ServiceAccount: &spec.ServiceAccount{Metadata: spec.Metadata{
			Annotations: map[string]string{"eks.amazonaws.com/role-arn": a.Aggregator.RoleARN},
		}},
		Metrics:             a.metrics(),
		BufferVolumeMetrics: a.metrics(),
	}
}

// spread keeps one node and one zone from holding all of Fluentd, where there are more of them.
func spread() []spec.TopologySpread {
	var constraints []spec.TopologySpread
	for _, key := range []string{spec.HostnameLabel, spec.ZoneLabel} {
		constraints = append(constraints, spec.TopologySpread{
			MaxSkew: 1, TopologyKey: key, WhenUnsatisfiable: spec.ScheduleAnyway,
			LabelSelector: spec.LabelSelector{MatchLabels: map[string]string{
				"app.kubernetes.io/name":       "fluentd",
				"app.kubernetes.io/component":  "fluentd",
				"app.kubernetes.io/managed-by": SystemName,
			}},
		})
	}
	return constraints
}

func (a Aggregator) volume() spec.Volume {
	return spec.Volume{Claim: &spec.Claim{Spec: spec.ClaimSpec{
		AccessModes:      []string{spec.ReadWriteOnce},
		Resources:        spec.Resources{Requests: map[string]string{spec.Storage: mebibytes((a.DiskGiB + a.Workers) * mebibytesInGibibyte)}},
		StorageClassName: a.StorageClass,
	}}}
}

// resources grow with the workers: each is a Ruby process, which uses one CPU at most.
func (a Aggregator) resources() spec.Resources {
	return spec.Resources{
		Requests: map[string]string{
			spec.CPU:    millicores(a.Workers * 500),
			spec.Memory: mebibytes(a.Workers * fluentdMemoryMiB / 2),
		},
		Limits: map[string]string{spec.Memory: mebibytes(a.Workers * fluentdMemoryMiB)},
	}
}
