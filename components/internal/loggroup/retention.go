// Package loggroup says how long CloudWatch Logs keeps what the components log.
package loggroup

import "example.com/log-pipeline/internal/fault"

// DefaultRetentionDays is a year, as auditors ask of logs (CKV_AWS_338).
const DefaultRetentionDays = 365

// RetentionDays is what CloudWatch Logs takes
// (docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html).
var RetentionDays = fault.AnyOf(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
