// Package producer is a cluster's Fluentd to the local cloud: realistic records as it sends them, and the way of the roles on
// which it sends them.
package producer
