package searchindex

// audit has the security plugin write an audit log, which a domain publishes only then, however its log options are
// (docs.aws.amazon.com/opensearch-service/latest/developerguide/audit-logs.html). It says who was refused and who changed what the
// security plugin knows, and nothing of each request that was allowed: neither the searches nor, above all, the log events
// themselves, which are the bodies of Firehose's requests.
func (s Settings) audit() Document {
	allowed := []string{"AUTHENTICATED", "GRANTED_PRIVILEGES"}
	return Document{
		Kind: Audit, Name: "log", Method: "PUT", Path: AuditPath + "/config",
		Body: body(values{
			"enabled": true,
			"audit": values{
				"enable_rest": true, "disabled_rest_categories": allowed,
				"enable_transport": true, "disabled_transport_categories": allowed,
				"log_request_body": false, "resolve_bulk_requests": false,
			},
			"compliance": values{"enabled": true, "write_log_diffs": false, "write_watched_indices": []string{}},
		}),
	}
}

// AuditPath shows what is put below it.
const AuditPath = securityAPI + "audit"
